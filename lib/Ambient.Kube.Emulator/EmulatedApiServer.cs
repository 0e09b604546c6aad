using System.Net;

namespace Ambient.Kube.Emulator;

/// <summary>A Kubernetes API server inside this process: HTTPS, its own certificate authority, its data in memory.</summary>
public sealed class EmulatedApiServer : IAsyncDisposable
{
    private EmulatedApiServer()
    {
    }

    /// <summary>Where it listens, ports resolved.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => throw new NotSupportedException();

    /// <summary><c>https://ADDRESS:PORT</c> of the first endpoint.</summary>
    public string Url => $"https://{Endpoints[0]}";

    /// <summary>Certificate authority of the serving certificate and of client certificates, PEM.</summary>
    public string CaPem => throw new NotSupportedException();

    /// <summary>Starts listening; data is empty but for what every cluster has (namespaces, default service accounts) and the CRDs asked for.</summary>
    public static Task<EmulatedApiServer> StartAsync(EmulatorOptions options, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>A kubeconfig (YAML) with a client certificate of group system:masters.</summary>
    public string AdminKubeconfig(string serverUrl) => throw new NotSupportedException();

    /// <summary>A client certificate and key, PEM: user is the CN, groups the O's of the subject.</summary>
    public (string CertificatePem, string KeyPem) IssueClientCertificate(string user, params IReadOnlyList<string> groups) => throw new NotSupportedException();

    /// <summary>Drops every connection and refuses new ones for <paramref name="downtime"/>; data stays.
    /// With <paramref name="forgetHistory"/> resource versions from before get 410 Expired, as after a compaction.</summary>
    public Task RestartAsync(TimeSpan downtime = default, bool forgetHistory = false, CancellationToken ct = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
