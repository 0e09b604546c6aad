namespace Ambient.Lab.Tests.Clusters;

/// <summary>Small manifests that tests vary.</summary>
internal static class Manifests
{
    public static string Namespace(string name) =>
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{name}} }
        ---

        """;

    /// <summary>A Deployment of the echo program and a Service on port 80.</summary>
    public static string Echo(string ns, string name, int replicas = 1, string version = "v1", string pod = "", string service = "", string container = "") =>
        $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          replicas: {{replicas}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}}, version: {{version}} } }
            spec:
              terminationGracePeriodSeconds: 3
              {{pod}}
              containers:
                - name: echo
                  image: ambient/echo:1
                  ports: [{ name: http, containerPort: 8080 }]
                  readinessProbe: { httpGet: { path: /healthz, port: http }, periodSeconds: 1, failureThreshold: 1 }
                  {{container}}
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          selector: { app: {{name}} }
          {{service}}
          ports:
            - { name: http, port: 80, targetPort: http }
            - { name: tcp, port: 9000, targetPort: 9000 }
            - { name: udp, port: 9053, targetPort: 9053, protocol: UDP }
        ---

        """;

    /// <summary>A Service that selects nothing.</summary>
    public static string Empty(string ns, string name) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          selector: { app: {{name}} }
          ports: [{ port: 80 }]
        ---

        """;

    public static string ExternalName(string ns, string name, string target) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec: { type: ExternalName, externalName: {{target}} }
        ---

        """;

    /// <summary>A StatefulSet of the echo program behind a headless Service.</summary>
    public static string Peers(string ns, string name, int replicas) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          clusterIP: None
          selector: { app: {{name}} }
          ports: [{ name: http, port: 8080 }]
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          serviceName: {{name}}
          replicas: {{replicas}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec:
              terminationGracePeriodSeconds: 3
              containers:
                - name: echo
                  image: ambient/echo
                  ports: [{ containerPort: 8080 }]
                  readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }
        ---

        """;

    /// <summary>A bare pod that runs a shell script of the machine.</summary>
    public static string Script(string ns, string name, string script, string pod = "", string container = "") =>
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, namespace: {{ns}}, labels: { app: {{name}} } }
        spec:
          {{pod}}
          containers:
            - name: main
              image: debian
              command: [sh, -c, {{System.Text.Json.JsonSerializer.Serialize(script)}}]
              {{container}}
        ---

        """;
}
