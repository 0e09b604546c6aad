using System.Security.Cryptography.X509Certificates;

namespace Ambient.Kube.Http;

/// <summary>Where the API server is, whom to trust there, and who we are.</summary>
public sealed record KubeConfig
{
    private const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public required Uri Server { get; init; }

    /// <summary>Namespace of the chosen context, or of the pod.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Null or empty: the machine's own roots.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>Name to verify in the server's certificate when it is not the URL's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>With its private key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    public Credential? Credential { get; init; }

    public string? ImpersonateUser { get; init; }

    /// <summary>
    /// Reads a kubeconfig; without a path the files of <c>KUBECONFIG</c>, merged (the first that names a thing wins), or
    /// <c>~/.kube/config</c>; without a context the file's current-context.
    /// </summary>
    public static KubeConfig Load(string? path = null, string? context = null, TimeProvider? time = null) =>
        KubeConfigReader.Read(path is null ? KubeConfigFile.DefaultPaths() : [path], context, time ?? TimeProvider.System);

    /// <summary>Reads the text of a kubeconfig; relative file names in it are relative to the current folder.</summary>
    public static KubeConfig Parse(string yaml, string? context = null, TimeProvider? time = null) =>
        KubeConfigReader.Read([KubeConfigFile.Parse(yaml, "kubeconfig", Environment.CurrentDirectory)], context, time ?? TimeProvider.System);

    /// <summary>From the pod's service account (rest.InClusterConfig).</summary>
    public static KubeConfig InCluster(TimeProvider? time = null)
    {
        string? host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        string? port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        return string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port)
            ? throw new KubeConfigException("not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
            : InCluster(host, port, ServiceAccountFolder, time ?? TimeProvider.System);
    }

    /// <summary>A kubeconfig when <c>KUBECONFIG</c> names one, else the pod's service account, else <c>~/.kube/config</c>.</summary>
    public static KubeConfig Default(TimeProvider? time = null) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")) && File.Exists(Path.Combine(ServiceAccountFolder, "token"))
            ? InCluster(time)
            : Load(time: time);

    internal static KubeConfig InCluster(string host, string port, string folder, TimeProvider time)
    {
        string ns = Path.Combine(folder, "namespace");
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(Path.Combine(folder, "ca.crt"));
        return new KubeConfig
        {
            Server = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"),
            CertificateAuthorities = roots,
            Credential = Credential.BearerFile(Path.Combine(folder, "token"), time),
            Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
        };
    }
}
