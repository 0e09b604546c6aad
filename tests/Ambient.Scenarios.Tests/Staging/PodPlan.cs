using System.Text;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>A pod to be started, with a service account of its own name unless another is given.</summary>
internal sealed record PodPlan(string Namespace, string Name)
{
    public string Node { get; init; } = "node-1";

    /// <summary>The echo server (see examples/echo for its ports); else a process that sleeps, whose sockets the test makes.</summary>
    public bool IsEcho { get; init; }

    /// <summary>A Service of the pod's name: 80 → 8080, and the other ports as they are.</summary>
    public bool HasService { get; init; }

    public bool IsHeadless { get; init; }

    public bool IsOnHostNetwork { get; init; }

    public string? ServiceAccount { get; init; }

    /// <summary>Labels beside <c>app: NAME</c>, as flow YAML without braces: <c>a: b, c: d</c>.</summary>
    public string Labels { get; init; } = "";

    public string Annotations { get; init; } = "";

    /// <summary>More fields of the container, as flow YAML: <c>livenessProbe: { … }</c>.</summary>
    public string Container { get; init; } = "";

    public string Yaml()
    {
        string account = ServiceAccount ?? Name;
        string main = IsEcho
            ? """
              image: ambient/echo, ports: [{ name: http, containerPort: 8080 }], readinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1, timeoutSeconds: 10 },
                        env: [{ name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }, { name: DOTNET_TieredPGO, value: "0" }]
              """
            : "image: debian, command: [sleep, infinity]";
        StringBuilder text = new($$"""
            apiVersion: v1
            kind: ServiceAccount
            metadata: { name: {{account}}, namespace: {{Namespace}} }
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: {{Name}}, namespace: {{Namespace}}, labels: { app: {{Name}}{{After(Labels)}} }, annotations: { {{Annotations}} } }
            spec:
              nodeName: {{Node}}
              serviceAccountName: {{account}}
              hostNetwork: {{(IsOnHostNetwork ? "true" : "false")}}
              terminationGracePeriodSeconds: 1
              containers:
                - { name: main, {{main}}{{After(Container)}} }
            ---

            """);
        if (HasService)
        {
            text.Append($$"""
                apiVersion: v1
                kind: Service
                metadata: { name: {{Name}}, namespace: {{Namespace}} }
                spec:
                  selector: { app: {{Name}} }
                  {{(IsHeadless ? "clusterIP: None" : "")}}
                  ports:
                    - { name: http, port: 80, targetPort: 8080 }
                    - { name: tcp, port: 9000 }
                    - { name: half-close, port: 9001 }
                    - { name: reset, port: 9004 }
                    - { name: banner, port: 9025 }
                    - { name: mysql, port: 9306 }
                    - { name: udp, port: 9053, protocol: UDP }
                ---

                """);
        }

        return text.ToString();
    }

    private static string After(string more) => more.Length == 0 ? "" : ", " + more;
}
