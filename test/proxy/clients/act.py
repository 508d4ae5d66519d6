# Does one thing in a cluster as a Python program of anybody would: the official client, with its retries. Prints a line of JSON.
#   act.py NAMESPACE VERB NAME ARGUMENT      the cluster is that of $KUBECONFIG
import json
import sys

from kubernetes import client, config, watch

namespace, verb, name, argument = sys.argv[1:]
config.load_kube_config()
core, apps = client.CoreV1Api(), client.AppsV1Api()


def act():
    if verb == "get":
        found = apps.read_namespaced_deployment(name, namespace)
        return {"name": found.metadata.name, "replicas": found.spec.replicas}
    if verb == "list":
        return {"count": len(core.list_namespaced_config_map(namespace).items)}
    if verb == "watch":
        for event in watch.Watch().stream(core.list_namespaced_config_map, namespace, timeout_seconds=60):
            if event["object"].metadata.name == name:
                return {"name": name}
    if verb == "create":
        body = client.V1ConfigMap(
            metadata=client.V1ObjectMeta(name=name, labels={"made-by": "python"}), data={"greeting": argument}
        )
        return {"name": core.create_namespaced_config_map(namespace, body).metadata.name}
    if verb == "patch":
        made = core.patch_namespaced_config_map(name, namespace, {"data": {"greeting": argument}})
        return {"name": made.metadata.name}
    if verb == "scale":
        made = apps.patch_namespaced_deployment_scale(name, namespace, {"spec": {"replicas": int(argument)}})
        return {"name": made.metadata.name, "replicas": made.spec.replicas}
    if verb == "note":
        made = apps.patch_namespaced_deployment(name, namespace, {"metadata": {"annotations": {"note": argument}}})
        return {"name": made.metadata.name}
    if verb == "secrets":
        return {"count": len(core.list_namespaced_secret(namespace).items)}
    if verb == "delete":
        core.delete_namespaced_config_map(name, namespace, grace_period_seconds=0)
        return {"name": name}
    raise SystemExit(f"no verb {verb}")


try:
    print(json.dumps(act()))
except client.ApiException as error:
    status = json.loads(error.body)
    print(json.dumps({"code": error.status, "reason": status.get("reason"), "message": status.get("message")}))
