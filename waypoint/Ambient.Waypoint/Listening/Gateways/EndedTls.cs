using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Ambient.Core.Identity;
using Ambient.Identity.Tls;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>A client's connection whose TLS has been ended here. The connection beneath is its maker's.</summary>
internal sealed class EndedTls(MeshConnection raw, SslStream tls, string? clientCertificate) : MeshConnection
{
    // Records are 16 KiB at most: one read takes one.
    private static readonly StreamPipeReaderOptions s_reading = new(bufferSize: 16 * 1024, minimumReadSize: 4096, leaveOpen: true, useZeroByteReads: true);

    public override PipeReader Input { get; } = PipeReader.Create(tls, s_reading);

    public override PipeWriter Output { get; } = new TlsOutput(tls);

    /// <summary>Nobody of the mesh, whatever certificate was shown.</summary>
    public override PeerIdentity Peer => PeerIdentity.Plaintext;

    public override string? Tls => $"{tls.SslProtocol} {tls.NegotiatedCipherSuite}";

    /// <summary>An element of X-Forwarded-Client-Cert; null when the client showed none that is valid.</summary>
    internal string? ClientCertificate => clientCertificate;

    internal bool IsHttp2 => tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    public override IPEndPoint RemoteEndPoint => raw.RemoteEndPoint;

    public override IPEndPoint LocalEndPoint => raw.LocalEndPoint;

    public override void Abort() => raw.Abort();

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await Output.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The client is gone already.
        }

        await Input.CompleteAsync();
        await tls.DisposeAsync();
    }
}
