using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Operator.Tests.Support;

/// <summary>A node proxy or waypoint as the operator sees it: follows discovery and asks for certificates, with the roots from the ConfigMap.</summary>
internal sealed class Proxy(bool waypoint) : IMeshUpdateSink, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<MeshUpdate> _updates = [];
    private readonly HashSet<string> _synced = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly string _roots = Path.GetTempFileName();
    private Task _running = Task.CompletedTask;
    private CertificateClient _certificates = null!;

    public static async Task<Proxy> StartAsync(World world, RunningOperator running, Pod pod, string? token = null, bool waypoint = false)
    {
        var proxy = new Proxy(waypoint);
        ConfigMap? roots = null;
        await Eventually.True(async () => (roots = await world.Kube.FindAsync<ConfigMap>("ambient-system", "ambient-ca-root-cert", World.Cancel)) is not null);
        await File.WriteAllTextAsync(proxy._roots, roots!.Data["root-cert.pem"], World.Cancel);
        token ??= await world.TokenAsync(pod);
        var client = new DiscoveryClient(
            new DiscoveryClientOptions
            {
                Address = running.Discovery,
                RootCertificatesPath = proxy._roots,
                Token = () => token,
                Types = waypoint ? TypeUrls.Waypoint : TypeUrls.Ztunnel,
                KeepLabels = waypoint,
                NodeId = $"{(waypoint ? "waypoint" : "ztunnel")}~127.0.0.1~{pod.Metadata.Name}.ambient-system~ambient-system.svc.cluster.local",
            },
            proxy, TimeProvider.System, NullLogger<DiscoveryClient>.Instance);
        proxy._certificates = new CertificateClient(new CertificateClientOptions
        {
            Address = running.Discovery,
            RootCertificatesPath = proxy._roots,
            Token = () => token,
        });
        proxy._running = client.RunAsync(proxy._stop.Token);
        return proxy;
    }

    public bool HasSynced
    {
        get
        {
            lock (_lock)
            {
                return (waypoint ? TypeUrls.Waypoint : TypeUrls.Ztunnel).All(_synced.Contains);
            }
        }
    }

    public IReadOnlyList<T> Seen<T>(Func<MeshUpdate, IEnumerable<T>> of)
    {
        lock (_lock)
        {
            return [.. _updates.SelectMany(of)];
        }
    }

    public async Task<Svid> CertificateAsync(SpiffeId id, bool impersonate = true)
    {
        using SigningRequest request = SigningRequest.Create(id);
        IReadOnlyList<string> chain = await _certificates.CreateCertificateAsync(impersonate ? id : null, request.Pem, TimeSpan.FromHours(1), World.Cancel);
        return request.Complete(new IssuedChain([.. chain]), TimeProvider.System);
    }

    IReadOnlyList<Rejection> IMeshUpdateSink.Apply(MeshUpdate update)
    {
        lock (_lock)
        {
            _updates.Add(update);
            return [];
        }
    }

    void IMeshUpdateSink.Synced(string typeUrl)
    {
        lock (_lock)
        {
            _synced.Add(typeUrl);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        File.Delete(_roots);
    }
}
