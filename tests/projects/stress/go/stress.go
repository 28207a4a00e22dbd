// Package main keeps a runtime busy from many threads that are not its own.
package main

import "C"

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

var (
	address   string
	collect   atomic.Bool
	collected = make(chan int)
)

// Start serves on loopback, and collects garbage until Stop.
//
//export Start
func Start() *C.char {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return C.CString(err.Error())
	}
	address = listener.Addr().String()
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "you asked for %s", r.URL.Path)
	}))
	collect.Store(true)
	go func() {
		times := 0
		for collect.Load() {
			runtime.GC()
			times++
		}
		collected <- times
	}()
	return nil
}

// Stop says how often garbage was collected.
//
//export Stop
func Stop() int64 {
	collect.Store(false)
	return int64(<-collected)
}

// Work lets count goroutines add up the numbers below count, each in its own way,
// while a timer ticks.
//
//export Work
func Work(thread, count int64) (sum int64, err *C.char) {
	ticks := atomic.Int64{}
	ticker := time.NewTicker(100 * time.Microsecond)
	done := make(chan bool)
	go func() {
		defer close(done)
		for range ticker.C {
			if ticks.Add(1) == 3 {
				return
			}
		}
	}()
	var (
		lock  sync.Mutex
		group sync.WaitGroup
		parts = map[string]int64{}
	)
	for number := int64(0); number < count; number++ {
		group.Add(1)
		go func() {
			defer group.Done()
			if number%7 == 0 {
				time.Sleep(time.Duration(number) * time.Microsecond)
			}
			// Garbage, and a stack that has to grow.
			texts := make(map[int]string)
			for i := 0; i < 20; i++ {
				texts[i] = fmt.Sprint(thread, number, i)
			}
			part := deep(64, number)
			lock.Lock()
			defer lock.Unlock()
			parts[texts[0]] += part
		}()
	}
	group.Wait()
	<-done
	ticker.Stop()
	for _, part := range parts {
		sum += part
	}
	if int64(len(parts)) != count {
		return 0, C.CString(fmt.Sprintf("%d results of %d", len(parts), count))
	}
	return sum, nil
}

//go:noinline
func deep(depth int, number int64) int64 {
	var room [128]byte
	room[depth] = 1
	if depth == 0 {
		return number
	}
	return deep(depth-1, number) + int64(room[depth]) - 1
}

// Fetch asks the server.
//
//export Fetch
func Fetch(thread int64) *C.char {
	path := fmt.Sprintf("/thread/%d", thread)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	response, err := client.Get("http://" + address + path)
	if err != nil {
		return C.CString(err.Error())
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return C.CString(err.Error())
	}
	if want := "you asked for " + path; string(body) != want {
		return C.CString(fmt.Sprintf("%q, want %q", body, want))
	}
	return nil
}

// Fault reads at address 0, which the kernel answers with SIGSEGV, and Go with a panic.
//
//export Fault
func Fault() (text *C.char) {
	defer func() { text = C.CString(fmt.Sprint(recover())) }()
	var nothing *int
	return C.CString(fmt.Sprint(*nothing))
}

// Timer calls a function later.
//
//export Timer
func Timer() int64 {
	called := make(chan int64)
	began := time.Now()
	time.AfterFunc(2*time.Millisecond, func() { called <- time.Since(began).Milliseconds() })
	return <-called
}

func main() {}
