//go:build scripts_tag

package main

const tagOfScript = "script "
