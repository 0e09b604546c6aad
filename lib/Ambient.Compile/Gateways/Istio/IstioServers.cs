using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Istio;

/// <summary>A server of an Istio Gateway → a listener of one of the gateways that it runs on.</summary>
internal static class IstioServers
{
    /// <summary>Added to a credential's name for the Secret with the authority of clients, when the credential's own has none.</summary>
    private const string AuthoritySuffix = "-cacert";

    /// <summary>The listener refuses connections when there is a problem.</summary>
    public static (GatewayListener Listener, string? Problem) Listener(
        MeshIndex index, RunningGateway running, IstioGatewaySource gateway, IstioServerSource server, HashSet<ObjectKey> dependencies, List<SecretSource> secrets)
    {
        var (tls, problem) = server.EndsTls ? Tls(index, running, server, dependencies, secrets) : (null, null);
        ImmutableArray<string> hosts = [.. server.Hosts.Select(static h => h.Host).Distinct(StringComparer.Ordinal)];
        return (new GatewayListener
        {
            Owner = new NamespacedName(gateway.Meta.Namespace, gateway.Meta.Name),
            Name = server.Name,
            Port = server.Port,
            Protocol = !server.MeshOnly ? server.Protocol : server.IsHttp ? ListenerProtocol.Http : ListenerProtocol.Tcp,
            Hostnames = hosts.Contains("*") ? [] : hosts,
            Tls = tls,
            HttpsRedirect = server.HttpsRedirect && server.Protocol == ListenerProtocol.Http,
            SharesHosts = true,
            MeshOnly = server.MeshOnly,
            Invalid = server.Problem ?? problem,
        }, server.Problem ?? problem);
    }

    private static (ListenerTls? Tls, string? Problem) Tls(
        MeshIndex index, RunningGateway running, IstioServerSource server, HashSet<ObjectKey> dependencies, List<SecretSource> secrets)
    {
        var check = new CertificateCheck(index, running.Name.Namespace, dependencies);
        string? problem = null;
        List<SecretSource> found = [];
        foreach (string credential in server.Credentials)
        {
            var (secret, _, message) = check.Certificate(Ref(server, running, credential));
            problem ??= secret is null ? message : null;
            if (secret is not null)
            {
                found.Add(secret);
            }
        }

        secrets.AddRange(found);
        string? authority = server.Clients == ClientVerification.None ? "" : Authority(check, running, server, found);
        return (new ListenerTls
        {
            Certificates = [.. found.Select(s => GatewayCertificate.KeyOf(running.Name, new NamespacedName(s.Meta.Namespace, s.Meta.Name)))],
            ClientVerification = server.Clients,
            ClientCa = authority ?? "",
            ClientSubjectAltNames = server.ClientNames,
            MinVersion = server.MinVersion,
            MaxVersion = server.MaxVersion,
        },
        authority is null ? $"{server.Path}.tls: no Secret holds the authority of clients (ca.crt)" : found.Count == 0 ? problem : null);
    }

    private static string? Authority(CertificateCheck check, RunningGateway running, IstioServerSource server, List<SecretSource> found)
    {
        IEnumerable<string> names = server.Authority.Length > 0 ? [server.Authority]
            : found.Select(static s => s.Meta.Name).Concat(server.Credentials.Select(static c => c + AuthoritySuffix));
        return names.Select(n => check.Authority(Ref(server, running, n)).Pem).FirstOrDefault(static p => p is not null);
    }

    private static ObjectRef Ref(IstioServerSource server, RunningGateway running, string name)
    {
        const string other = "kubernetes-gateway://";
        string plain = name.StartsWith(other, StringComparison.Ordinal) ? name[other.Length..] : name;
        int slash = plain.IndexOf('/', StringComparison.Ordinal);
        return new ObjectRef($"{server.Path}.tls.credentialName", "", KnownKinds.Secret,
            slash < 0 ? running.Name.Namespace : plain[..slash], slash < 0 ? plain : plain[(slash + 1)..]);
    }
}
