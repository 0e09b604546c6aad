using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Ambient.Kube.Http;

/// <summary>kubeconfig files → <see cref="KubeConfig"/>: context → cluster and user, the first file that has the entry wins.</summary>
internal static class KubeConfigReader
{
    public static KubeConfig Read(IReadOnlyList<KubeConfigFile> files, string? context, TimeProvider time)
    {
        string chosen = context ?? files.Select(f => f.CurrentContext).FirstOrDefault(c => c is not null)
            ?? throw new KubeConfigException($"{files[0].Name}: no current-context");
        (_, YamlMappingNode about) = Find(files, "contexts", chosen, "context");
        string clusterName = Required(about, "cluster", $"context {chosen}");
        (KubeConfigFile clusterFile, YamlMappingNode cluster) = Find(files, "clusters", clusterName, "cluster");
        string server = Required(cluster, "server", $"cluster {clusterName}");
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            throw new KubeConfigException($"cluster {clusterName}: server '{server}' is not an http or https URL");
        }

        var config = new KubeConfig
        {
            Server = uri,
            Namespace = KubeConfigFile.Text(about, "namespace") ?? "default",
            CertificateAuthorities = Roots(clusterFile, cluster, clusterName),
            InsecureSkipTlsVerify = KubeConfigFile.Text(cluster, "insecure-skip-tls-verify") == "true",
            TlsServerName = KubeConfigFile.Text(cluster, "tls-server-name"),
        };
        return KubeConfigFile.Text(about, "user") is { } userName
            ? WithUser(config, Find(files, "users", userName, "user"), userName, clusterFile.Pem(cluster, "certificate-authority"), time)
            : config;
    }

    private static KubeConfig WithUser(
        KubeConfig config, (KubeConfigFile File, YamlMappingNode Node) user, string name, string? ca, TimeProvider time)
    {
        if (KubeConfigFile.Mapping(user.Node, "auth-provider") is not null)
        {
            throw new KubeConfigException($"user {name}: auth-provider is no longer supported by Kubernetes; use exec");
        }

        return config with
        {
            ClientCertificate = Certificate(user.File, user.Node, name),
            Credential = CredentialOf(config, user, name, ca, time),
            ImpersonateUser = KubeConfigFile.Text(user.Node, "as"),
        };
    }

    private static Credential? CredentialOf(
        KubeConfig config, (KubeConfigFile File, YamlMappingNode Node) user, string name, string? ca, TimeProvider time)
    {
        // client-go's order: a token file wins over a token, both over a password; exec stands alone.
        if (KubeConfigFile.Text(user.Node, "tokenFile") is { } path)
        {
            return Credential.BearerFile(user.File.Resolve(path), time);
        }

        if (KubeConfigFile.Text(user.Node, "token") is { } token)
        {
            return Credential.Bearer(token);
        }

        if (KubeConfigFile.Text(user.Node, "username") is { } userName)
        {
            return Credential.Basic(userName, KubeConfigFile.Text(user.Node, "password") ?? "");
        }

        return KubeConfigFile.Mapping(user.Node, "exec") is { } exec
            ? new ExecCredential(Plugin(user.File, exec, name), ClusterInfo(config, ca), time)
            : null;
    }

    private static ExecPlugin Plugin(KubeConfigFile file, YamlMappingNode exec, string user)
    {
        string command = Required(exec, "command", $"user {user}: exec");
        return new ExecPlugin
        {
            // A name without a slash is looked up in PATH, any other relative to the file.
            Command = command.Contains('/', StringComparison.Ordinal) ? file.Resolve(command) : command,
            Args = [.. KubeConfigFile.Items(exec, "args").OfType<YamlScalarNode>().Select(a => a.Value ?? "")],
            Env = [.. KubeConfigFile.Items(exec, "env").OfType<YamlMappingNode>().Select(e => KeyValuePair.Create(
                Required(e, "name", $"user {user}: exec.env"), KubeConfigFile.Text(e, "value") ?? ""))],
            ApiVersion = Required(exec, "apiVersion", $"user {user}: exec"),
            InstallHint = KubeConfigFile.Text(exec, "installHint"),
            ProvideClusterInfo = KubeConfigFile.Text(exec, "provideClusterInfo") == "true",
        };
    }

    private static JsonObject ClusterInfo(KubeConfig config, string? ca)
    {
        var info = new JsonObject { ["server"] = config.Server.OriginalString };
        if (ca is not null)
        {
            info["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(ca));
        }

        return info;
    }

    private static X509Certificate2Collection? Roots(KubeConfigFile file, YamlMappingNode cluster, string name)
    {
        if (file.Pem(cluster, "certificate-authority") is not { } pem)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new KubeConfigException($"cluster {name}: certificate-authority: {e.Message}", e);
        }

        return roots.Count > 0 ? roots : throw new KubeConfigException($"cluster {name}: certificate-authority holds no certificate");
    }

    private static X509Certificate2? Certificate(KubeConfigFile file, YamlMappingNode user, string name)
    {
        if (file.Pem(user, "client-certificate") is not { } certificate)
        {
            return null;
        }

        string key = file.Pem(user, "client-key") ?? throw new KubeConfigException($"user {name}: client-certificate without client-key");
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (CryptographicException e)
        {
            throw new KubeConfigException($"user {name}: client-certificate or client-key: {e.Message}", e);
        }
    }

    private static (KubeConfigFile File, YamlMappingNode Node) Find(
        IReadOnlyList<KubeConfigFile> files, string list, string entry, string field)
    {
        foreach (KubeConfigFile file in files)
        {
            if (file.Find(list, entry, field) is { } found)
            {
                return (file, found);
            }
        }

        throw new KubeConfigException($"{files[0].Name}: {list} has no entry '{entry}'");
    }

    private static string Required(YamlMappingNode node, string field, string where) =>
        KubeConfigFile.Text(node, field) ?? throw new KubeConfigException($"{where}: {field} is missing");
}
