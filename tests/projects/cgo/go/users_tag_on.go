//go:build users_tag

package main

const tagOfUser = "user "
