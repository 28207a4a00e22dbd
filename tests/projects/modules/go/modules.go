// Package main uses three well-known modules with C and C++ in them.
package main

// #include <stdlib.h>
// unsigned ZSTD_versionNumber(void);
import "C"

import (
	"database/sql"
	"fmt"
	"strings"
	"unsafe"

	"github.com/DataDog/zstd"
	_ "github.com/mattn/go-sqlite3"
	"github.com/yanyiwu/gojieba"
)

// Sqlite gives SQLite's version and the answer to a question.
//
//export Sqlite
func Sqlite() *C.char { return text(sqlite()) }

func sqlite() (string, error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return "", err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("create table t(n integer); insert into t values (40), (2)"); err != nil {
		return "", err
	}
	var version string
	var sum int
	err = db.QueryRow("select sqlite_version(), sum(n) from t").Scan(&version, &sum)
	return fmt.Sprintf("sqlite %s sum %d", version, sum), err
}

// Zstd compresses and gives back, and tells the version of its C code.
//
//export Zstd
func Zstd() *C.char { return text(compress()) }

func compress() (string, error) {
	input := []byte(strings.Repeat("the same again ", 1000))
	packed, err := zstd.Compress(nil, input)
	if err != nil {
		return "", err
	}
	output, err := zstd.Decompress(nil, packed)
	equal := string(output) == string(input)
	version := C.ZSTD_versionNumber()
	return fmt.Sprintf("zstd %d %t", version, equal && len(packed) < 100), err
}

// Words cuts a sentence by C++: only its constructor reads files, of the folder that is given.
//
//export Words
func Words(folder *C.char, sentence *C.char) *C.char {
	file := func(name string) string { return C.GoString(folder) + "/" + name }
	jieba := gojieba.NewJieba(file("jieba.dict.utf8"), file("hmm_model.utf8"),
		file("user.dict.utf8"), file("idf.utf8"), file("stop_words.utf8"))
	defer jieba.Free()
	return text(strings.Join(jieba.Cut(C.GoString(sentence), true), "/"), nil)
}

func text(text string, err error) *C.char {
	if err != nil {
		text = "error: " + err.Error()
	}
	return C.CString(text)
}

//export Free
func Free(text *C.char) { C.free(unsafe.Pointer(text)) }

func main() {}
