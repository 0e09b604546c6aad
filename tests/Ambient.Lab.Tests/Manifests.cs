namespace Ambient.Lab.Tests;

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
}
