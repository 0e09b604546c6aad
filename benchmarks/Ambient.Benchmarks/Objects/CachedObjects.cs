using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.Benchmarks.Objects;

/// <summary>
/// Bytes that one cached pod costs: as an informer holds it typed, as JSON whole, and what its text has on the wire. The pods
/// are as an API server sends them: managed fields, projected token volume, probes, conditions, container statuses.
/// </summary>
internal static class CachedObjects
{
    public static int Run(int count)
    {
        using var client = new KubeClient(new KubeConfig { Server = new Uri("http://127.0.0.1:1") });
        int wire = Encoding.UTF8.GetByteCount(PodText(0));
        long typed = Measure(count, () =>
        {
            var informer = new Informer<Pod>(new ListWatch<Pod>(client.Resource<Pod>()), Trim);
            IReflectorStore<Pod> store = informer;
            for (int i = 0; i < count; i++)
            {
                store.Put(ObjectCodec.Typed<Pod>().Read(Encoding.UTF8.GetBytes(PodText(i))));
            }

            return informer;
        });
        long whole = Measure(count, () =>
        {
            var informer = new Informer<JsonObject>(new ListWatch<JsonObject>(client.Resource(Pod.GroupKind)));
            IReflectorStore<JsonObject> store = informer;
            for (int i = 0; i < count; i++)
            {
                store.Put(ObjectCodec.Dynamic.Read(Encoding.UTF8.GetBytes(PodText(i))));
            }

            return informer;
        });
        var text = new StringBuilder("| a pod | bytes |\n|---|---|\n")
            .Append(CultureInfo.InvariantCulture, $"| on the wire | {wire} |\n")
            .Append(CultureInfo.InvariantCulture, $"| cached, typed and trimmed | {typed} |\n")
            .Append(CultureInfo.InvariantCulture, $"| cached, JSON whole | {whole} |\n");
        Console.Write(text);
        return 0;
    }

    private static Pod Trim(Pod pod) => pod with
    {
        Spec = pod.Spec! with
        {
            Volumes = [],
            Containers = [.. pod.Spec.Containers.Select(c => new Container { Name = c.Name, Ports = c.Ports })],
        },
        Status = pod.Status! with { ContainerStatuses = [] },
    };

    private static long Measure(int count, Func<object> fill)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        object kept = fill();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(kept);
        return (after - before) / count;
    }

    private static string PodText(int i)
    {
        string fields = string.Join(",", Enumerable.Range(0, 40).Select(f => $"\"f:field{f}\":{{}}"));
        return $$$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"orders-7d9f8b6c5-{{{{i:x8}}}}","generateName":"orders-7d9f8b6c5-","namespace":"shop-{{{{i % 50}}}}",
             "uid":"5b0e1c1e-0000-4000-8000-{{{{i:x12}}}}","resourceVersion":"{{{{100000 + i}}}}","creationTimestamp":"2026-11-20T10:00:00Z",
             "labels":{"app":"orders","app.kubernetes.io/name":"orders","app.kubernetes.io/version":"1.4.2","pod-template-hash":"7d9f8b6c5","tier":"backend"},
             "annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"9090"},
             "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"orders-7d9f8b6c5","uid":"aa0e1c1e-0000-4000-8000-000000000001","controller":true,"blockOwnerDeletion":true}],
             "managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-11-20T10:00:00Z","fieldsType":"FieldsV1","fieldsV1":{ {{{{fields}}}} }}]},
             "spec":{"volumes":[{"name":"kube-api-access-x2x9k","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}}],"defaultMode":420}}],
              "containers":[{"name":"app","image":"registry.example/shop/orders:1.4.2","args":["--port=8080","--log=json"],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},{"name":"metrics","containerPort":9090,"protocol":"TCP"}],
               "env":[{"name":"DB","value":"postgres://db.shop:5432/orders"},{"name":"POD_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}}],
               "resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},
               "volumeMounts":[{"name":"kube-api-access-x2x9k","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
               "livenessProbe":{"httpGet":{"path":"/live","port":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
               "readinessProbe":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}}],
              "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"orders","nodeName":"node-{{{{i % 100}}}}","schedulerName":"default-scheduler"},
             "status":{"phase":"Running","hostIP":"172.30.0.{{{{i % 250}}}}","podIP":"10.{{{{i / 65536 % 256}}}}.{{{{i / 256 % 256}}}}.{{{{i % 256}}}}","podIPs":[{"ip":"10.{{{{i / 65536 % 256}}}}.{{{{i / 256 % 256}}}}.{{{{i % 256}}}}"}],"startTime":"2026-11-20T10:00:00Z","qosClass":"Burstable",
              "conditions":[{"type":"Initialized","status":"True","lastTransitionTime":"2026-11-20T10:00:00Z"},{"type":"Ready","status":"True","lastTransitionTime":"2026-11-20T10:00:05Z"},{"type":"ContainersReady","status":"True","lastTransitionTime":"2026-11-20T10:00:05Z"},{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-20T10:00:00Z"}],
              "containerStatuses":[{"name":"app","ready":true,"started":true,"restartCount":0,"image":"registry.example/shop/orders:1.4.2","imageID":"registry.example/shop/orders@sha256:0000000000000000000000000000000000000000000000000000000000000000","containerID":"containerd://1111111111111111111111111111111111111111111111111111111111111111","state":{"running":{"startedAt":"2026-11-20T10:00:03Z"}}}]}}
            """;
    }
}
