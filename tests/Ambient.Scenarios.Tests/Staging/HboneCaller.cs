using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Transport;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Identity.Trust;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>A tunnel made by hand, from a pod's network namespace, with any identity: the mesh's own CA has signed for it.</summary>
internal sealed class HboneCaller(LabCluster lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The CA that signs; null: the one in the cluster.</summary>
    public CertificateAuthority? Authority { get; set; }

    /// <summary>The answer to the CONNECT: 200, or the status of the refusal; 0 when there was no answer.</summary>
    /// <param name="from">Whose network namespace is used.</param>
    /// <param name="identity"><c>spiffe://…</c> to be shown.</param>
    /// <param name="to">Whose port 15008 is called.</param>
    /// <param name="request">The CONNECT.</param>
    public async Task<int> StatusAsync(MeshPod from, string identity, MeshPod to, ConnectRequest request)
    {
        SpiffeId id = SpiffeId.Parse(identity);
        CertificateAuthority authority = Authority ?? await ClusterAuthorityAsync();
        using SigningRequest signing = SigningRequest.Create(id);
        Svid svid = signing.Complete(authority.Sign(id, signing.Pem, TimeSpan.FromHours(1)), TimeProvider.System);
        await using HbonePool pool = new(
            async (key, ct) => await TlsConnection.ConnectAsync(
                await from.ConnectAsync(key.Destination.Address, key.Destination.Port), MeshTls.Client(svid, new TrustPolicy("cluster.local"), key.Expected), Patience, ct),
            new HbonePoolOptions(), TimeProvider.System, NullLogger.Instance);
        PoolKey key = new() { Source = id, Expected = [SpiffeId.Parse(to.Identity)], Destination = new IPEndPoint(to.Address, 15008) };
        try
        {
            await using HboneStream stream = await pool.ConnectAsync(key, request, SocketWords.Soon());
            return stream.Reply?.Status ?? 200;
        }
        catch (HboneConnectException e)
        {
            return e.Status ?? 0;
        }
    }

    private async Task<CertificateAuthority> ClusterAuthorityAsync()
    {
        JsonObject secret = await lab.Admin.Resource(new GroupKind("", "Secret")).GetAsync("ambient-system", "ambient-ca", TestContext.Current.CancellationToken);
        return CertificateAuthority.Load(Text("ca-cert.pem"), Text("ca-key.pem"), Text("cert-chain.pem"), Text("root-cert.pem"), TimeProvider.System);

        string Text(string key) => Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret["data"]?[key] ?? ""));
    }
}
