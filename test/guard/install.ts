// Puts the published admission objects into a control plane and takes them out again, as an operator does. For tests only.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ControlPlane } from '../servers/kubernetes.ts';
import { type Manifest, readManifest } from '../servers/manifest.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const COLLECTIONS: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: `${ADMISSION}/validatingadmissionpolicies`,
  ValidatingAdmissionPolicyBinding: `${ADMISSION}/validatingadmissionpolicybindings`,
  ValidatingWebhookConfiguration: `${ADMISSION}/validatingwebhookconfigurations`,
};

export const GUARD: readonly Manifest[] = readManifest(join(import.meta.dirname, '../../deploy/guard.yaml'));

export const install = async (plane: ControlPlane, objects: readonly Manifest[] = GUARD): Promise<void> => {
  for (const object of objects) {
    const path = `${COLLECTIONS[object.kind]}?fieldValidation=Strict`;
    const { status, body } = await plane.request('admin', 'POST', path, object);
    assert.equal(status, 201, JSON.stringify(body));
  }
};

/** The last first: a binding goes before its policy. */
export const uninstall = async (plane: ControlPlane, objects: readonly Manifest[] = GUARD): Promise<void> => {
  for (const { kind, metadata } of objects.toReversed()) {
    const { status, body } = await plane.request('admin', 'DELETE', `${COLLECTIONS[kind]}/${metadata.name}`);
    assert.equal(status, 200, JSON.stringify(body));
  }
};
