//go:build tools

// Names the program that build.ts compiles, so that go.mod and go.sum pin all of it. Never compiled itself.
package helm

import _ "helm.sh/helm/v3/cmd/helm"
