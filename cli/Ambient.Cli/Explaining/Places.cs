using System.Globalization;
using System.Net;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Explaining;

/// <summary>
/// Reads <c>--from</c> and <c>--to</c> as a person writes them and finds what they mean in a mesh. Pods are <c>NAMESPACE/NAME</c>, where
/// the name may be that of the Deployment, DaemonSet or StatefulSet; a host is looked up as the caller's pod would.
/// </summary>
internal sealed class Places(MeshSnapshot mesh)
{
    private const string Outside = "outside";

    public Caller From(string text)
    {
        if (text == Outside)
        {
            return new Caller(text, null, Caller.OutsideAddress);
        }

        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            Workload? known = mesh.WorkloadByAddress(new NetworkAddress("", address));
            return new Caller(text, known, address);
        }

        if (!NamespacedName.TryParse(text, out NamespacedName name))
        {
            throw CliException.Usage(
                $"'{text}' is no caller", "--from", "a caller is a pod NAMESPACE/NAME, an address, or the word outside", "for example --from default/web");
        }

        Workload pod = Pod(name, "--from");
        return new Caller(text, pod, AddressOf(pod, "--from"));
    }

    public Target To(string text, Caller from)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
        {
            throw CliException.Usage(
                $"'{text}' is no destination", "--to", "a destination is HOST:PORT or NAMESPACE/POD:PORT, with a port from 1 to 65535", "for example --to orders.default:80");
        }

        string host = text[..colon];
        if (host is ['[', .. var bracketed, ']'])
        {
            host = bracketed;
        }

        if (NamespacedName.TryParse(host, out NamespacedName name))
        {
            Workload pod = Pod(name, "--to");
            return new Target(text, new IPEndPoint(AddressOf(pod, "--to"), port), null, pod);
        }

        return IPAddress.TryParse(host, out IPAddress? address)
            ? new Target(text, new IPEndPoint(address, port), null, null)
            : ByHost(text, host.TrimEnd('.'), port, from);
    }

    private Target ByHost(string text, string host, int port, Caller from)
    {
        foreach (string candidate in Searched(host, from.Pod is null ? "default" : from.Namespace))
        {
            if (mesh.ServiceByHostname(candidate, from.Namespace) is { } service)
            {
                return new Target(text, new IPEndPoint(AddressOf(service), port), service, null);
            }
        }

        if (LooksLikeCluster(host))
        {
            throw CliException.Usage(
                $"there is no service {host}", "--to", $"services are: {Some(mesh.Services.Select(s => s.Hostname))}",
                "name one of them, or a pod as NAMESPACE/POD:PORT");
        }

        // Nobody declared it; its address does not matter to the mesh.
        return new Target(text, new IPEndPoint(IPAddress.Parse("198.51.100.1"), port), null, null);
    }

    private IEnumerable<string> Searched(string host, string ns)
    {
        string domain = mesh.Settings.ClusterDomain;
        return [host, $"{host}.{ns}.svc.{domain}", $"{host}.svc.{domain}", $"{host}.{domain}"];
    }

    private bool LooksLikeCluster(string host) =>
        !host.Contains('.', StringComparison.Ordinal)
        || host.EndsWith(".svc", StringComparison.Ordinal)
        || host.EndsWith("." + mesh.Settings.ClusterDomain, StringComparison.Ordinal)
        || (host.Split('.') is [_, var ns] && mesh.Workloads.Any(w => w.Namespace == ns));

    // Headless: the name leads to an endpoint's address.
    private IPAddress AddressOf(MeshService service)
    {
        foreach (ServiceAddress address in service.Addresses)
        {
            if (address.PrefixLength is null)
            {
                return address.Address;
            }
        }

        foreach (Workload endpoint in mesh.EndpointsOf(service.Key).OrderBy(w => w.Health))
        {
            if (!endpoint.Addresses.IsEmpty)
            {
                return endpoint.Addresses[0];
            }
        }

        throw new CliException(
            ExitCodes.Negative, $"service {service.Key} has no address", "--to",
            "it is headless and has no endpoint", "look at the pods that its selector should take");
    }

    private Workload Pod(NamespacedName name, string option)
    {
        Workload[] inNamespace = [.. mesh.Workloads.Where(w => w.Namespace == name.Namespace).OrderBy(w => w.Uid, StringComparer.Ordinal)];
        return inNamespace.FirstOrDefault(w => w.Name == name.Name)
            ?? inNamespace.FirstOrDefault(w => w.WorkloadName == name.Name)
            ?? inNamespace.FirstOrDefault(w => w.CanonicalName == name.Name)
            ?? throw CliException.Usage(
                $"there is no pod {name}", option,
                inNamespace.Length == 0
                    ? $"namespace {name.Namespace} has no pods; namespaces with pods are: {Some(mesh.Workloads.Select(w => w.Namespace))}"
                    : $"pods of {name.Namespace} are: {Some(inNamespace.Select(w => w.Name))}",
                "name one of them, or the Deployment, DaemonSet or StatefulSet that they belong to");
    }

    private static IPAddress AddressOf(Workload pod, string option) => pod.Addresses is [var first, ..]
        ? first
        : throw new CliException(ExitCodes.Negative, $"pod {pod.Namespace}/{pod.Name} has no address", option, "it is not running", "wait until it is");

    private static string Some(IEnumerable<string> names)
    {
        string[] distinct = [.. names.Distinct().Order(StringComparer.Ordinal).Take(11)];
        return distinct.Length == 0 ? "(none)" : string.Join(", ", distinct.Take(10)) + (distinct.Length > 10 ? ", …" : "");
    }
}
