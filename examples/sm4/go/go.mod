module example.com/sm4

go 1.25.0

require github.com/emmansun/gmsm v0.44.0
