module example.com/image-filter

go 1.22
