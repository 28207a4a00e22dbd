/* Each of the two libraries needs the other. */
int ping(int n);
int pong(int n) { return n == 0 ? 0 : 10 + ping(n - 1); }
