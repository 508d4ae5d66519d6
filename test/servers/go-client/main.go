// client-go, for the tests: what it knows of Kubernetes' protobuf, and what it makes of it.
//
//	go-client table              the messages, a line each (table.go)
//	go-client objects SEED N D   N objects of every kind, of depth D, a line of JSON each: {"bytes": base64, "json": object}
//	go-client read               bodies in base64, a line each, to lines {"json": object} or {"error": text}
//	go-client act FORMAT NS VERB NAME ARGUMENT   one request in the cluster of $KUBECONFIG as json or protobuf, and its outcome
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
)

func number(word string) int {
	read, err := strconv.Atoi(word)
	if err != nil {
		panic(err)
	}
	return read
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	switch words := os.Args[1:]; {
	case len(words) == 1 && words[0] == "table":
		printTable(out)
	case len(words) == 4 && words[0] == "objects":
		printObjects(out, int64(number(words[1])), number(words[2]), number(words[3]))
	case len(words) == 1 && words[0] == "read":
		printRead(os.Stdin, out)
	case len(words) == 6 && words[0] == "act":
		printAct(out, words[1], words[2], words[3], words[4], words[5])
	default:
		fmt.Fprintf(os.Stderr, "go-client: no command %q\n", words)
		os.Exit(2)
	}
}
