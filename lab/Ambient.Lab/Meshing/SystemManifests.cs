using System.Text;

namespace Ambient.Lab.Meshing;

/// <summary>Operator and ztunnel as the chart installs them, with the built programs for images; one operator is enough on one machine.</summary>
internal static class SystemManifests
{
    public const string Namespace = "ambient-system";

    public static string Build(LabOptions options) =>
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{Namespace}} }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: ambient-ztunnel, namespace: {{Namespace}} }
        automountServiceAccountToken: false
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: ambient-operator, namespace: {{Namespace}}, labels: { app: ambient-operator } }
        spec:
          replicas: {{options.OperatorReplicas}}
          selector: { matchLabels: { app: ambient-operator } }
          template:
            metadata:
              labels: { app: ambient-operator, ambient.dev/mesh: disabled }
            spec:
              serviceAccountName: ambient-operator
              terminationGracePeriodSeconds: 5
              containers:
                - name: operator
                  image: ambient/operator
                  ports:
                    - { name: xds, containerPort: 15012 }
                    - { name: http, containerPort: 15014 }
                  env:
                    - { name: AMBIENT_LOG_LEVEL, value: {{options.MeshLogLevel}} }
                    - { name: AMBIENT_GATEWAY_LOG_LEVEL, value: {{options.MeshLogLevel}} }
                    - { name: AMBIENT_GATEWAY_REPLICAS, value: "1" }
                    - { name: AMBIENT_GATEWAY_GRACE_SECONDS, value: "15" }
                    - name: POD_NAME
                      valueFrom: { fieldRef: { fieldPath: metadata.name } }
                    - name: POD_NAMESPACE
                      valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
        {{Variables(options.OperatorEnvironment)}}
                  readinessProbe: { httpGet: { path: /healthz/ready, port: 15014 }, periodSeconds: 1 }
                  securityContext: { capabilities: { drop: [ALL] } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: ambient-operator, namespace: {{Namespace}} }
        spec:
          selector: { app: ambient-operator }
          ports:
            - { name: grpc-xds, port: 15012, targetPort: 15012 }
            - { name: http-metrics, port: 15014, targetPort: 15014 }
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: ambient-ztunnel, namespace: {{Namespace}}, labels: { app: ambient-ztunnel } }
        spec:
          selector: { matchLabels: { app: ambient-ztunnel } }
          updateStrategy:
            type: RollingUpdate
            rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
          template:
            metadata:
              labels: { app: ambient-ztunnel }
            spec:
              serviceAccountName: ambient-ztunnel
              hostNetwork: true
              hostPID: true
              dnsPolicy: ClusterFirstWithHostNet
              terminationGracePeriodSeconds: 20
              containers:
                - name: ztunnel
                  image: ambient/ztunnel
                  env:
                    - { name: AMBIENT_LOG_LEVEL, value: {{options.MeshLogLevel}} }
                    - { name: AMBIENT_DRAIN_SECONDS, value: "5" }
                    - { name: AMBIENT_SUCCESSOR_SECONDS, value: "10" }
                    - name: NODE_NAME
                      valueFrom: { fieldRef: { fieldPath: spec.nodeName } }
                    - name: POD_NAME
                      valueFrom: { fieldRef: { fieldPath: metadata.name } }
                    - name: POD_NAMESPACE
                      valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
                    - name: POD_IP
                      valueFrom: { fieldRef: { fieldPath: status.podIP } }
        {{Variables(options.ZtunnelEnvironment)}}
                  readinessProbe: { httpGet: { path: /healthz/ready, port: 15021 }, periodSeconds: 1 }
                  securityContext: { privileged: true }
                  volumeMounts:
                    - { name: token, mountPath: /var/run/secrets/tokens }
                    - { name: root-cert, mountPath: /var/run/secrets/ambient }
                    - { name: run, mountPath: /run/ambient }
                    - { name: state, mountPath: /var/lib/ambient }
                    - { name: netns, mountPath: /run/netns, mountPropagation: HostToContainer }
              volumes:
                - name: token
                  projected:
                    sources:
                      - serviceAccountToken: { path: istio-token, audience: istio-ca, expirationSeconds: 43200 }
                - name: root-cert
                  configMap: { name: ambient-ca-root-cert }
                - name: run
                  hostPath: { path: /run/ambient, type: DirectoryOrCreate }
                - name: state
                  hostPath: { path: /var/lib/ambient, type: DirectoryOrCreate }
                - name: netns
                  hostPath: { path: /run/netns, type: DirectoryOrCreate }
        ---
        {{ChartRights.Of(Namespace)}}
        """;

    private static string Variables(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            text.Append("            - name: ").Append(name).Append("\n              value: ").Append('"').Append(System.Text.Json.JsonEncodedText.Encode(value)).Append('"').Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
