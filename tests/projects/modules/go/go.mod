module example.com/modules

go 1.22

require (
	github.com/DataDog/zstd v1.5.7
	github.com/mattn/go-sqlite3 v1.14.53
	github.com/yanyiwu/gojieba v1.4.6
)
