using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ambient.Lab.Containers;
using Ambient.Lab.Network;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>Environment and command of a container: values, references, <c>$(NAME)</c>, the API server's address, and what the examples' images are told of their pod.</summary>
internal sealed partial class ContainerEnvironment(NodeContext node, LabPod pod, PodNetwork network)
{
    private static readonly string[] Inherited = ["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_gcServer", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"];

    /// <exception cref="NotYetException">A ConfigMap, Secret or key is missing.</exception>
    public Dictionary<string, string> Build(LabContainer container)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = string.Join(':', node.Images.Folders.Prepend("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")),
            ["HOSTNAME"] = pod.Spec.HostNetwork ? node.Name : pod.Metadata.Name,
            ["HOME"] = "/tmp",
            ["DOTNET_NOLOGO"] = "1",
            ["KUBERNETES_SERVICE_HOST"] = ServiceHost(),
            ["KUBERNETES_SERVICE_PORT"] = "443",
            ["KUBERNETES_SERVICE_PORT_HTTPS"] = "443",
        };
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                all[name] = value;
            }
        }

        if (node.Images.IsExample(container.Image))
        {
            TellExample(container, all);
        }

        foreach (var source in container.EnvFrom)
        {
            AddAll(source, all);
        }

        foreach (var variable in container.Env)
        {
            if (Value(variable, all) is { } value)
            {
                all[variable.Name] = value;
            }
        }

        return all;
    }

    /// <summary>What is run: the container's command, or the image's program, and the arguments.</summary>
    /// <exception cref="ImageException">Neither is there.</exception>
    public IReadOnlyList<string> Command(LabContainer container, Dictionary<string, string> environment)
    {
        var program = node.Images.Find(container.Image);
        var command = container.Command.Count > 0 ? container.Command
            : program is not null ? [program]
            : throw new ImageException($"image \"{container.Image}\" has no program in the lab, and the container has no command to run instead");
        return [.. command.Concat(container.Args).Select(a => Expand(a, environment))];
    }

    /// <summary><c>$(NAME)</c> becomes the variable's value; <c>$$</c> is a dollar; what is not known stays.</summary>
    internal static string Expand(string text, IReadOnlyDictionary<string, string> environment) =>
        Reference.Replace(text, m => m.Value == "$$" ? "$" : environment.GetValueOrDefault(m.Groups[1].Value, m.Value));

    private void TellExample(LabContainer container, Dictionary<string, string> all)
    {
        all["POD_NAME"] = pod.Metadata.Name;
        all["POD_NAMESPACE"] = pod.Metadata.Namespace ?? "";
        all["NODE_NAME"] = node.Name;
        all["SERVICE_ACCOUNT"] = pod.Spec.ServiceAccountName ?? "default";
        all["VERSION"] = pod.Metadata.Labels.GetValueOrDefault("version", "v1");
        if (container.Ports.FirstOrDefault(p => p.Name is "http" or null or "") is { } port)
        {
            all["ECHO_HTTP"] = port.Port.ToString(CultureInfo.InvariantCulture);
        }
    }

    private void AddAll(EnvFromSource source, Dictionary<string, string> all)
    {
        if (source.ConfigMapRef is { } map)
        {
            foreach (var (key, value) in node.Cluster.ConfigMaps.Find(pod.Metadata.Namespace, map.Name)?.Data ?? Missing<string>("configmap", map.Name, map.Optional))
            {
                all[source.Prefix + key] = value;
            }
        }

        if (source.SecretRef is { } secret)
        {
            foreach (var (key, value) in node.Cluster.Secrets.Find(pod.Metadata.Namespace, secret.Name)?.Data ?? Missing<byte[]>("secret", secret.Name, secret.Optional))
            {
                all[source.Prefix + key] = Encoding.UTF8.GetString(value);
            }
        }
    }

    private string? Value(Ambient.Kube.Resources.EnvVar variable, Dictionary<string, string> sofar)
    {
        if (variable.ValueFrom is not { } from)
        {
            return Expand(variable.Value ?? "", sofar);
        }

        if (from.FieldRef is { } field)
        {
            return PodFields.Value(field.FieldPath, pod, node, network) ?? throw new ImageException($"env {variable.Name}: fieldPath {field.FieldPath} is not supported");
        }

        if (from.ConfigMapKeyRef is { } map)
        {
            return node.Cluster.ConfigMaps.Find(pod.Metadata.Namespace, map.Name ?? "")?.Data.GetValueOrDefault(map.Key)
                ?? (map.Optional == true ? null : throw new NotYetException("Failed", $"couldn't find key {map.Key} in ConfigMap {pod.Metadata.Namespace}/{map.Name}"));
        }

        if (from.SecretKeyRef is { } secret)
        {
            return node.Cluster.Secrets.Find(pod.Metadata.Namespace, secret.Name ?? "")?.Data.GetValueOrDefault(secret.Key) is { } bytes
                ? Encoding.UTF8.GetString(bytes)
                : secret.Optional == true ? null : throw new NotYetException("Failed", $"couldn't find key {secret.Key} in Secret {pod.Metadata.Namespace}/{secret.Name}");
        }

        return null;
    }

    private static Dictionary<string, T> Missing<T>(string kind, string name, bool? optional) =>
        optional == true ? [] : throw new NotYetException("Failed", $"{kind} \"{name}\" not found");

    private string ServiceHost() =>
        node.Cluster.Services.Find("default", "kubernetes")?.Spec.ClusterIp is { Length: > 0 } ip ? ip
            : (node.Network.Plan.HasIPv4 ? NetworkPlan.Services4.BaseAddress : NetworkPlan.Services6.BaseAddress).ToString();

    [GeneratedRegex(@"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")]
    private static partial Regex Reference { get; }
}
