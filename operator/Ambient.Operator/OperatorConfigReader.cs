using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Ambient.Compile.Provisioning;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Kube.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator;

/// <summary>
/// Reads the environment, all of it before anything is started:
/// <c>KUBECONFIG</c> (else the pod's service account), <c>POD_NAME</c> (else the host's name), <c>POD_NAMESPACE</c> (ambient-system),
/// <c>AMBIENT_XDS_LISTEN</c> and <c>AMBIENT_ADMIN_LISTEN</c> (<c>PORT</c> or <c>ADDRESS:PORT</c>; 15012 and 15014), <c>AMBIENT_TRUST_DOMAIN</c>
/// (cluster.local), <c>AMBIENT_CLUSTER_ID</c> (Kubernetes), <c>AMBIENT_CLUSTER_DOMAIN</c> (cluster.local), <c>AMBIENT_NETWORK</c> (empty),
/// <c>AMBIENT_FOREIGN_INJECTION_LABELS</c> (true), <c>AMBIENT_NODE_PROXIES</c> (<c>NAMESPACE/SERVICE-ACCOUNT,…</c>; POD_NAMESPACE/ambient-ztunnel),
/// <c>AMBIENT_SERVING_NAMES</c> (further DNS names, by comma), <c>AMBIENT_DEBUG</c> (<c>loopback</c> or <c>all</c>; loopback),
/// <c>AMBIENT_GATEWAY_IMAGE</c> (ambient/waypoint), <c>AMBIENT_GATEWAY_PULL_POLICY</c> (IfNotPresent), <c>AMBIENT_GATEWAY_XDS_ADDRESS</c> (this
/// operator's Service), <c>AMBIENT_GATEWAY_LOG_LEVEL</c> (information), <c>AMBIENT_GATEWAY_REPLICAS</c> (2), <c>AMBIENT_GATEWAY_GRACE_SECONDS</c> (60), <c>AMBIENT_DEBOUNCE_MS</c> (10), <c>AMBIENT_ROOT_PROPAGATION_MINUTES</c> (1440; 0 signs with a new CA at once), <c>AMBIENT_LOG_LEVEL</c> (trace, debug, info, warn, error, none; info).
/// </summary>
public static class OperatorConfigReader
{
    public static OperatorConfig Read(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        string ns = Text(environment, "POD_NAMESPACE", MeshDefaults.SystemNamespace);
        (IPEndPoint? discovery, int discoveryPort) = Listen(environment, "AMBIENT_XDS_LISTEN", ProxyPorts.Xds);
        (IPEndPoint? admin, int adminPort) = Listen(environment, "AMBIENT_ADMIN_LISTEN", 15014);
        return new OperatorConfig
        {
            Kube = Kubernetes(environment),
            PodName = Text(environment, "POD_NAME", Environment.MachineName),
            SystemNamespace = ns,
            DiscoveryAddress = discovery,
            DiscoveryPort = discoveryPort,
            AdminAddress = admin,
            AdminPort = adminPort,
            TrustDomain = TrustDomain(environment),
            ClusterId = Text(environment, "AMBIENT_CLUSTER_ID", MeshDefaults.ClusterId),
            ClusterDomain = Text(environment, "AMBIENT_CLUSTER_DOMAIN", MeshDefaults.ClusterDomain),
            Network = Text(environment, "AMBIENT_NETWORK", ""),
            ForeignInjectionLabels = Flag(environment, "AMBIENT_FOREIGN_INJECTION_LABELS", true),
            NodeProxies = NodeProxies(environment, ns),
            ServingNames = Items(environment, "AMBIENT_SERVING_NAMES"),
            DebugAnywhere = Text(environment, "AMBIENT_DEBUG", "loopback") switch
            {
                "loopback" => false,
                "all" => true,
                string other => throw Bad("AMBIENT_DEBUG", other, "loopback or all"),
            },
            Debounce = Milliseconds(environment, "AMBIENT_DEBOUNCE_MS", 10),
            RootPropagation = Minutes(environment, "AMBIENT_ROOT_PROPAGATION_MINUTES", 1440),
            Gateways = Gateways(environment, ns),
            LogLevel = Level(Text(environment, "AMBIENT_LOG_LEVEL", "info")),
        };
    }

    private static ProvisioningOptions Gateways(Func<string, string?> environment, string ns)
    {
        var standard = new ProvisioningOptions();
        return new ProvisioningOptions
        {
            Image = Text(environment, "AMBIENT_GATEWAY_IMAGE", standard.Image),
            ImagePullPolicy = Text(environment, "AMBIENT_GATEWAY_PULL_POLICY", standard.ImagePullPolicy),
            XdsAddress = Text(environment, "AMBIENT_GATEWAY_XDS_ADDRESS", $"https://ambient-operator.{ns}.svc:{ProxyPorts.Xds}"),
            ClusterId = Text(environment, "AMBIENT_CLUSTER_ID", MeshDefaults.ClusterId),
            LogLevel = Text(environment, "AMBIENT_GATEWAY_LOG_LEVEL", standard.LogLevel),
            Replicas = Number(environment, "AMBIENT_GATEWAY_REPLICAS", standard.Replicas, 1000),
            GraceSeconds = Number(environment, "AMBIENT_GATEWAY_GRACE_SECONDS", standard.GraceSeconds, 86_400),
        };
    }

    private static int Number(Func<string, string?> environment, string name, int standard, int limit)
    {
        string text = Text(environment, name, standard.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= limit
            ? number
            : throw Bad(name, text, $"0 to {limit}");
    }

    private static KubeConfig Kubernetes(Func<string, string?> environment)
    {
        try
        {
            return environment("KUBECONFIG") is { Length: > 0 } path && !path.Contains(Path.PathSeparator, StringComparison.Ordinal)
                ? KubeConfig.Load(path)
                : KubeConfig.Default();
        }
        catch (Exception e) when (e is KubeConfigException or IOException or System.Security.Cryptography.CryptographicException)
        {
            throw new OperatorConfigException($"the way to Kubernetes: {e.Message}", e);
        }
    }

    private static LogLevel Level(string text) => text.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" or "information" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "none" => LogLevel.None,
        _ => throw Bad("AMBIENT_LOG_LEVEL", text, "trace, debug, info, warn, error or none"),
    };

    private static string TrustDomain(Func<string, string?> environment)
    {
        string text = Text(environment, "AMBIENT_TRUST_DOMAIN", MeshDefaults.TrustDomain);
        return SpiffeId.IsTrustDomain(text)
            ? text
            : throw Bad("AMBIENT_TRUST_DOMAIN", text, "lower-case letters, digits, '.', '-' and '_'");
    }

    private static ImmutableArray<NamespacedName> NodeProxies(Func<string, string?> environment, string systemNamespace)
    {
        ImmutableArray<string> items = Items(environment, "AMBIENT_NODE_PROXIES");
        return items.IsEmpty
            ? [new NamespacedName(systemNamespace, "ambient-ztunnel")]
            : [.. items.Select(item => NamespacedName.TryParse(item, out NamespacedName name) && name.Namespace.Length > 0
                ? name
                : throw Bad("AMBIENT_NODE_PROXIES", item, "NAMESPACE/SERVICE-ACCOUNT"))];
    }

    private static (IPEndPoint? Address, int Port) Listen(Func<string, string?> environment, string name, int standard)
    {
        string text = Text(environment, name, standard.ToString(CultureInfo.InvariantCulture));
        if (ushort.TryParse(text, CultureInfo.InvariantCulture, out ushort port))
        {
            return (null, port);
        }

        return IPEndPoint.TryParse(text, out IPEndPoint? address) && address.Port > 0
            ? (address, address.Port)
            : throw Bad(name, text, "PORT or ADDRESS:PORT");
    }

    private static TimeSpan Milliseconds(Func<string, string?> environment, string name, int standard)
    {
        string text = Text(environment, name, standard.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int ms) && ms <= 10_000
            ? TimeSpan.FromMilliseconds(ms)
            : throw Bad(name, text, "0 to 10000 milliseconds");
    }

    private static TimeSpan Minutes(Func<string, string?> environment, string name, int standard)
    {
        string text = Text(environment, name, standard.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes <= 43_200
            ? TimeSpan.FromMinutes(minutes)
            : throw Bad(name, text, "0 to 43200 minutes");
    }

    private static bool Flag(Func<string, string?> environment, string name, bool standard)
    {
        string text = Text(environment, name, standard ? "true" : "false");
        return bool.TryParse(text, out bool flag) ? flag : throw Bad(name, text, "true or false");
    }

    private static ImmutableArray<string> Items(Func<string, string?> environment, string name) =>
        [.. Text(environment, name, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static string Text(Func<string, string?> environment, string name, string standard) =>
        environment(name) is { Length: > 0 } text ? text : standard;

    private static OperatorConfigException Bad(string name, string value, string allowed) => new($"{name}='{value}': it may be {allowed}");
}
