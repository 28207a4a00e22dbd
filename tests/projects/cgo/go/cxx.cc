// Exceptions, streams, templates and a function that several objects may define.
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

template <typename T> struct Sum {
  std::vector<T> parts;
  Sum &add(T part) {
    parts.push_back(part);
    return *this;
  }
  T total() const {
    T all{};
    for (const T &part : parts)
      all += part;
    return all;
  }
};

inline int &calls() {
  static int count = 0;
  return count;
}

static int checked(int n) {
  calls()++;
  if (n < 0)
    throw std::out_of_range("negative");
  return n;
}

extern "C" char *of_cxx(int n) {
  std::ostringstream out;
  try {
    out << "total " << Sum<int>().add(checked(n)).add(2).total();
  } catch (const std::exception &error) {
    out << "caught " << error.what();
  }
  return strdup(out.str().c_str());
}
