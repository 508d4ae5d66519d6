//go:build tools

// Names the program that build.ts compiles, so that go.mod and go.sum pin all of it. Never compiled itself.
package helm4

import _ "helm.sh/helm/v4/cmd/helm"
