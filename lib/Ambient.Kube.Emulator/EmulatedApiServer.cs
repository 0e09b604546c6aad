using System.Net;
using Ambient.Kube.Emulator.Authentication;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator;

/// <summary>
/// A Kubernetes API server inside this process: HTTPS, its own certificate authority, its data in memory. Whoever is authenticated may do
/// everything (roles are stored, not enforced); admission webhooks are stored, not called; CEL rules of CRDs are accepted, not evaluated.
/// </summary>
public sealed class EmulatedApiServer : IAsyncDisposable
{
    private readonly Cluster cluster;
    private readonly ConnectionLedger ledger;
    private readonly KestrelHost host;

    private EmulatedApiServer(Cluster cluster, ConnectionLedger ledger, KestrelHost host) =>
        (this.cluster, this.ledger, this.host) = (cluster, ledger, host);

    /// <summary>Where it listens, ports resolved.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => host.Endpoints;

    /// <summary><c>https://ADDRESS:PORT</c> of the first endpoint.</summary>
    public string Url => $"https://{Endpoints[0]}";

    /// <summary>Certificate authority of the serving certificate and of client certificates, PEM.</summary>
    public string CaPem => cluster.Authority.Pem;

    /// <summary>Starts listening; data is empty but for what every cluster has (namespaces, default service accounts) and the CRDs asked for.</summary>
    public static async Task<EmulatedApiServer> StartAsync(EmulatorOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = new Cluster(options);
        try
        {
            await ClusterSeed.PlantAsync(cluster, options, ct);
            var ledger = new ConnectionLedger(options.Time);
            KestrelHost host = await KestrelHost.StartAsync(options, cluster.Authority, ledger, cluster.Pipeline.HandleAsync, ct);
            return new EmulatedApiServer(cluster, ledger, host);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A kubeconfig (YAML) with a client certificate of group system:masters.</summary>
    public string AdminKubeconfig(string serverUrl)
    {
        (string certificate, string key) = IssueClientCertificate("kubernetes-admin", "system:masters");
        return Kubeconfig.For(serverUrl, CaPem, "kubernetes-admin", certificate, key);
    }

    /// <summary>A client certificate and key, PEM: user is the CN, groups the O's of the subject.</summary>
    public (string CertificatePem, string KeyPem) IssueClientCertificate(string user, params IReadOnlyList<string> groups) =>
        cluster.Authority.Client(user, groups);

    /// <summary>Drops every connection and refuses new ones for <paramref name="downtime"/>; data stays.
    /// With <paramref name="forgetHistory"/> resource versions from before get 410 Expired, as after a compaction.</summary>
    public Task RestartAsync(TimeSpan downtime = default, bool forgetHistory = false, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        if (forgetHistory)
        {
            cluster.Store.ForgetHistory();
        }

        ledger.DropAll(downtime);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await cluster.DisposeAsync();
    }
}
