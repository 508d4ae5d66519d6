//go:build tools

// Names the program that build.ts compiles, so that go.mod and go.sum pin all of it. Never compiled itself.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
