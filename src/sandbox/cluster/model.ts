// The shapes of the Kubernetes objects that the sandbox's controllers read and write.
// Only fields that some code here touches are named; everything else rides along untouched. No behaviour lives here.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
  readonly blockOwnerDeletion?: boolean | undefined;
}

export type StringMap = Readonly<Record<string, string>>;

export interface Meta {
  readonly name: string;
  readonly generateName?: string | undefined;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly generation?: number | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly deletionGracePeriodSeconds?: number | undefined;
  readonly labels?: StringMap | undefined;
  readonly annotations?: StringMap | undefined;
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
  readonly finalizers?: readonly string[] | undefined;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Meta;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly data?: unknown;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly observedGeneration?: number | undefined;
}

export interface LabelSelector {
  readonly matchLabels?: StringMap | undefined;
  readonly matchExpressions?:
    | readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[]
    | undefined;
}

export interface ContainerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
  readonly protocol?: string | undefined;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[] | undefined;
  readonly ports?: readonly ContainerPort[] | undefined;
  readonly env?: readonly JsonObject[] | undefined;
  readonly volumeMounts?: readonly JsonObject[] | undefined;
  readonly readinessProbe?: { readonly initialDelaySeconds?: number | undefined } | undefined;
  readonly resources?:
    | { readonly requests?: StringMap | undefined; readonly limits?: StringMap | undefined }
    | undefined;
}

export interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[] | undefined;
  readonly ephemeralContainers?: readonly Container[] | undefined;
  readonly volumes?: readonly JsonObject[] | undefined;
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: StringMap | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly restartPolicy?: string | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly hostname?: string | undefined;
  readonly subdomain?: string | undefined;
  readonly serviceAccountName?: string | undefined;
}

export interface PodTemplate {
  readonly metadata?: Partial<Meta> | undefined;
  readonly spec: PodSpec;
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly ready: boolean;
  readonly started?: boolean | undefined;
  readonly restartCount: number;
  readonly containerID?: string | undefined;
  readonly state: ContainerState;
  readonly lastState: ContainerState | Record<string, never>;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string | undefined } | undefined;
  readonly running?: { readonly startedAt: string } | undefined;
  readonly terminated?:
    | {
        readonly exitCode: number;
        readonly reason: string;
        readonly startedAt: string;
        readonly finishedAt: string;
        readonly containerID?: string | undefined;
      }
    | undefined;
}

export interface PodStatus {
  readonly phase: string;
  readonly conditions?: readonly Condition[] | undefined;
  readonly containerStatuses?: readonly ContainerStatus[] | undefined;
  readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
  readonly podIP?: string | undefined;
  readonly podIPs?: readonly { readonly ip: string }[] | undefined;
  readonly hostIP?: string | undefined;
  readonly hostIPs?: readonly { readonly ip: string }[] | undefined;
  readonly startTime?: string | undefined;
  readonly qosClass?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly observedGeneration?: number | undefined;
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus | undefined;
}

export type IntOrPercent = number | string;

export interface DeploymentSpec {
  readonly replicas?: number | undefined;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly strategy?:
    | {
        readonly type?: string | undefined;
        readonly rollingUpdate?:
          | { readonly maxSurge?: IntOrPercent | undefined; readonly maxUnavailable?: IntOrPercent | undefined }
          | undefined;
      }
    | undefined;
  readonly minReadySeconds?: number | undefined;
  readonly revisionHistoryLimit?: number | undefined;
  readonly progressDeadlineSeconds?: number | undefined;
  readonly paused?: boolean | undefined;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number | undefined;
  readonly replicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
}

export interface Deployment extends KubeObject {
  readonly spec: DeploymentSpec;
  readonly status?: DeploymentStatus | undefined;
}

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number | undefined;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly minReadySeconds?: number | undefined;
  };
  readonly status?:
    | {
        readonly replicas: number;
        readonly fullyLabeledReplicas?: number | undefined;
        readonly readyReplicas?: number | undefined;
        readonly availableReplicas?: number | undefined;
        readonly terminatingReplicas?: number | undefined;
        readonly observedGeneration?: number | undefined;
      }
    | undefined;
}

export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number | undefined;
    readonly selector: LabelSelector;
    readonly serviceName?: string | undefined;
    readonly template: PodTemplate;
    readonly podManagementPolicy?: string | undefined;
    readonly revisionHistoryLimit?: number | undefined;
    readonly minReadySeconds?: number | undefined;
    readonly updateStrategy?:
      | {
          readonly type?: string | undefined;
          readonly rollingUpdate?: { readonly partition?: number | undefined } | undefined;
        }
      | undefined;
    readonly volumeClaimTemplates?:
      | readonly { readonly metadata: Partial<Meta>; readonly spec: JsonObject }[]
      | undefined;
  };
  readonly status?:
    | {
        readonly observedGeneration?: number | undefined;
        readonly replicas: number;
        readonly readyReplicas?: number | undefined;
        readonly availableReplicas?: number | undefined;
        readonly currentReplicas?: number | undefined;
        readonly updatedReplicas?: number | undefined;
        readonly currentRevision?: string | undefined;
        readonly updateRevision?: string | undefined;
        readonly collisionCount?: number | undefined;
      }
    | undefined;
}

export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly revisionHistoryLimit?: number | undefined;
    readonly updateStrategy?:
      | {
          readonly type?: string | undefined;
          readonly rollingUpdate?:
            | { readonly maxSurge?: IntOrPercent | undefined; readonly maxUnavailable?: IntOrPercent | undefined }
            | undefined;
        }
      | undefined;
  };
  readonly status?:
    | {
        readonly observedGeneration?: number | undefined;
        readonly currentNumberScheduled: number;
        readonly desiredNumberScheduled: number;
        readonly numberMisscheduled: number;
        readonly numberReady: number;
        readonly numberAvailable?: number | undefined;
        readonly numberUnavailable?: number | undefined;
        readonly updatedNumberScheduled?: number | undefined;
      }
    | undefined;
}

export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  readonly data: JsonObject;
}

export interface Job extends KubeObject {
  readonly spec: {
    readonly parallelism?: number | undefined;
    readonly completions?: number | undefined;
    readonly backoffLimit?: number | undefined;
    readonly suspend?: boolean | undefined;
    readonly ttlSecondsAfterFinished?: number | undefined;
    readonly selector?: LabelSelector | undefined;
    readonly template: PodTemplate;
  };
  readonly status?:
    | {
        readonly active?: number | undefined;
        readonly succeeded?: number | undefined;
        readonly failed?: number | undefined;
        readonly ready?: number | undefined;
        readonly startTime?: string | undefined;
        readonly completionTime?: string | undefined;
        readonly conditions?: readonly Condition[] | undefined;
      }
    | undefined;
}

export interface ServicePort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly targetPort?: number | string | undefined;
  readonly protocol?: string | undefined;
  readonly nodePort?: number | undefined;
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string | undefined;
    readonly clusterIP?: string | undefined;
    readonly clusterIPs?: readonly string[] | undefined;
    readonly externalName?: string | undefined;
    readonly selector?: StringMap | undefined;
    readonly ports?: readonly ServicePort[] | undefined;
    readonly publishNotReadyAddresses?: boolean | undefined;
  };
}

export interface EndpointSlice extends KubeObject {
  readonly addressType: string;
  readonly endpoints: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
}

export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: IntOrPercent | undefined;
    readonly maxUnavailable?: IntOrPercent | undefined;
    readonly selector?: LabelSelector | undefined;
    readonly unhealthyPodEvictionPolicy?: string | undefined;
  };
  readonly status?:
    | {
        readonly observedGeneration?: number | undefined;
        readonly disruptionsAllowed: number;
        readonly currentHealthy: number;
        readonly desiredHealthy: number;
        readonly expectedPods: number;
        readonly disruptedPods?: StringMap | undefined;
        readonly conditions?: readonly Condition[] | undefined;
      }
    | undefined;
}

export interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] | undefined } | undefined;
  readonly status?: { readonly phase: string } | undefined;
}

export interface Node extends KubeObject {
  readonly spec: {
    readonly unschedulable?: boolean | undefined;
    readonly podCIDR?: string | undefined;
    readonly taints?:
      | readonly { readonly key: string; readonly value?: string | undefined; readonly effect: string }[]
      | undefined;
  };
  /** What no kubelet has told yet is not there. */
  readonly status: {
    readonly conditions?: readonly Condition[] | undefined;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[] | undefined;
    readonly allocatable?: StringMap | undefined;
    readonly [field: string]: unknown;
  };
}
