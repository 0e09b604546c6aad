using System.Net;
using System.Net.Sockets;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Transport;
using Ambient.Identity.Renewal;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Identity.Trust;
using Ambient.Ztunnel.Tests.Netlab;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>A peer with a certificate of a mesh that speaks HBONE itself, from a pod's own address, and says what the test says.</summary>
internal sealed class TunnelPeer : IAsyncDisposable
{
    private readonly SvidManager _svids;
    private readonly HbonePool _pool;
    private readonly SpiffeId _id;

    internal TunnelPeer(TestMesh mesh, Pod from, string serviceAccount)
    {
        _id = new SpiffeId(MeshDefaults.TrustDomain, TestMesh.Namespace, serviceAccount);
        _svids = new SvidManager(mesh.Authority, new SvidManagerOptions(), TimeProvider.System);
        _pool = new HbonePool(
            async (key, ct) =>
            {
                Svid svid = await _svids.GetAsync(_id, ct);
                Socket socket = await from.ConnectAsync(key.Destination);
                return await TlsConnection.ConnectAsync(
                    socket, MeshTls.Client(svid, new TrustPolicy(MeshDefaults.TrustDomain), key.Expected), TimeSpan.FromSeconds(5), ct);
            },
            new HbonePoolOptions(), TimeProvider.System, NullLogger.Instance);
    }

    /// <param name="to">Runs as the service account <c>server</c>.</param>
    /// <param name="caller">Of the header; null: none.</param>
    internal ValueTask<HboneStream> ConnectAsync(Pod to, string authority, string? caller = null) => _pool.ConnectAsync(
        new PoolKey
        {
            Source = _id,
            Expected = [new SpiffeId(MeshDefaults.TrustDomain, TestMesh.Namespace, "server")],
            Destination = new IPEndPoint(to.Address, ProxyPorts.Hbone),
        },
        new ConnectRequest { Authority = authority, ExtraHeaders = caller is null ? [] : [new(MeshDefaults.CallerHeader, caller)] },
        TestContext.Current.CancellationToken);

    internal async Task<HboneConnectException> RefusedAsync(Pod to, string authority, string? caller = null) =>
        await Assert.ThrowsAsync<HboneConnectException>(async () => await ConnectAsync(to, authority, caller));

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _svids.DisposeAsync();
    }
}
