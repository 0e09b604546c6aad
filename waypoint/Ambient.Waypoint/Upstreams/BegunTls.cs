using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Ambient.Core.Identity;
using Ambient.Identity.Tls;

namespace Ambient.Waypoint.Upstreams;

/// <summary>A connection to an endpoint on which the policy's TLS was begun, for bytes that are passed on. Owns the session and what is beneath it.</summary>
/// <param name="abort">Resets what is beneath.</param>
internal sealed class BegunTls(SslStream tls, IPEndPoint remote, Action abort) : MeshConnection
{
    private static readonly IPEndPoint s_unknown = new(IPAddress.Any, 0);
    private static readonly StreamPipeReaderOptions s_reading = new(bufferSize: 16 * 1024, minimumReadSize: 4096, leaveOpen: true, useZeroByteReads: true);

    public override PipeReader Input { get; } = PipeReader.Create(tls, s_reading);

    public override PipeWriter Output { get; } = new TlsOutput(tls);

    /// <summary>Nobody of the mesh, whatever its certificate says.</summary>
    public override PeerIdentity Peer => PeerIdentity.Plaintext;

    public override string? Tls => $"{tls.SslProtocol} {tls.NegotiatedCipherSuite}";

    public override IPEndPoint RemoteEndPoint => remote;

    public override IPEndPoint LocalEndPoint => s_unknown;

    public override void Abort() => abort();

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await Output.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The endpoint is gone already.
        }

        await Input.CompleteAsync();
        await tls.DisposeAsync();
    }
}
