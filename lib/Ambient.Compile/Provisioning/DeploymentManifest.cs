using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Core;

namespace Ambient.Compile.Provisioning;

/// <summary>The Deployment of a waypoint or gateway: an ordinary, unprivileged pod with a token for the operator and nothing else.</summary>
internal static class DeploymentManifest
{
    public const string Container = "waypoint";

    private const int User = 65532;

    public static JsonObject Of(GatewayFrame frame, ProvisioningOptions options)
    {
        var deployment = frame.Object("apps/v1", "Deployment", frame.Name);
        deployment["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = frame.Selector() },
            ["strategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 },
            },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = frame.PodLabels(), ["annotations"] = frame.PodAnnotations() },
                ["spec"] = Pod(frame, options),
            },
        };
        return deployment;
    }

    private static JsonObject Pod(GatewayFrame frame, ProvisioningOptions options) => new()
    {
        ["serviceAccountName"] = frame.GatewayName,
        ["automountServiceAccountToken"] = false,
        ["terminationGracePeriodSeconds"] = options.GraceSeconds,
        ["securityContext"] = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = User,
            ["runAsGroup"] = User,
            ["fsGroup"] = User,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            // Listeners below 1024 without a capability; it holds in the pod's own network namespace alone.
            ["sysctls"] = new JsonArray(new JsonObject { ["name"] = "net.ipv4.ip_unprivileged_port_start", ["value"] = "0" }),
        },
        ["topologySpreadConstraints"] = new JsonArray(new JsonObject
        {
            ["maxSkew"] = 1,
            ["topologyKey"] = "kubernetes.io/hostname",
            ["whenUnsatisfiable"] = "ScheduleAnyway",
            ["labelSelector"] = new JsonObject { ["matchLabels"] = frame.Selector() },
        }),
        ["containers"] = new JsonArray(OfContainer(frame, options)),
        ["volumes"] = Volumes(),
    };

    private static JsonObject OfContainer(GatewayFrame frame, ProvisioningOptions options) => new()
    {
        ["name"] = Container,
        ["image"] = options.Image,
        ["imagePullPolicy"] = options.ImagePullPolicy,
        ["ports"] = Ports(),
        ["env"] = Environment(frame, options),
        ["startupProbe"] = Probe(1, 60),
        ["readinessProbe"] = Probe(2, 3),
        ["securityContext"] = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        },
        ["resources"] = new JsonObject
        {
            ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" },
            ["limits"] = new JsonObject { ["memory"] = "1Gi" },
        },
        ["volumeMounts"] = new JsonArray(
            Mount("token", "/var/run/secrets/tokens", true), Mount("root-cert", "/var/run/secrets/ambient", true),
            Mount("state", "/var/lib/ambient", false), Mount("tmp", "/tmp", false)),
    };

    private static JsonArray Ports() => new(
        Port("readiness", ProxyPorts.Readiness), Port("metrics", ProxyPorts.Metrics), Port("hbone", ProxyPorts.Hbone));

    private static JsonObject Port(string name, int port) => new() { ["name"] = name, ["containerPort"] = port, ["protocol"] = "TCP" };

    private static JsonArray Environment(GatewayFrame frame, ProvisioningOptions options) => new(
        Variable("AMBIENT_GATEWAY", frame.GatewayName),
        Variable("AMBIENT_XDS_ADDRESS", options.XdsAddress),
        Variable("AMBIENT_CLUSTER_ID", options.ClusterId),
        Variable("AMBIENT_LOG_LEVEL", options.LogLevel),
        Variable("AMBIENT_DRAIN_SECONDS", Math.Max(options.GraceSeconds - 5, 1).ToString(CultureInfo.InvariantCulture)),
        FromPod("NODE_NAME", "spec.nodeName"),
        FromPod("POD_NAME", "metadata.name"),
        FromPod("POD_NAMESPACE", "metadata.namespace"),
        FromPod("POD_IP", "status.podIP"),
        FromPod("SERVICE_ACCOUNT", "spec.serviceAccountName"));

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject FromPod(string name, string field) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = field } },
    };

    private static JsonObject Probe(int period, int failures) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = "/healthz/ready", ["port"] = ProxyPorts.Readiness },
        ["periodSeconds"] = period,
        ["failureThreshold"] = failures,
    };

    private static JsonObject Mount(string name, string path, bool readOnly) => readOnly
        ? new JsonObject { ["name"] = name, ["mountPath"] = path, ["readOnly"] = true }
        : new JsonObject { ["name"] = name, ["mountPath"] = path };

    private static JsonArray Volumes() => new(
        new JsonObject
        {
            ["name"] = "token",
            ["projected"] = new JsonObject
            {
                ["sources"] = new JsonArray(new JsonObject
                {
                    ["serviceAccountToken"] = new JsonObject { ["path"] = "istio-token", ["audience"] = "istio-ca", ["expirationSeconds"] = 43200 },
                }),
            },
        },
        new JsonObject { ["name"] = "root-cert", ["configMap"] = new JsonObject { ["name"] = "ambient-ca-root-cert" } },
        new JsonObject { ["name"] = "state", ["emptyDir"] = new JsonObject() },
        new JsonObject { ["name"] = "tmp", ["emptyDir"] = new JsonObject() });
}
