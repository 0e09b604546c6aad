using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Proxy.Names;
using Ambient.Proxy.Sockets;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Upstreams;

/// <inheritdoc cref="IUpstreamDialer"/>
internal sealed class UpstreamDialer : IUpstreamDialer, IAsyncDisposable
{
    private const int MaxTunnelPeers = 10_000;

    private readonly WaypointContext _context;
    private readonly HbonePool _tunnels;
    private readonly NameResolver _names;
    private readonly UpstreamCredentials _credentials;

    internal UpstreamDialer(WaypointContext context)
    {
        _context = context;
        _credentials = new UpstreamCredentials(context);
        _names = ProcessNames.Resolver(context.Time);
        _tunnels = new HbonePool(
            DialTunnelAsync,
            new HbonePoolOptions { MaxKeys = MaxTunnelPeers },
            context.Time,
            context.Loggers.CreateLogger("ambient.tunnel"));
    }

    /// <summary>Tunnels of the endpoints' ztunnels; streams of different callers go through one of them side by side.</summary>
    internal PoolStatus[] Tunnels => _tunnels.Status;

    public async ValueTask<Stream> DialAsync(UpstreamKey key, CancellationToken ct)
    {
        if (key.Tls?.Invalid is { } invalid)
        {
            throw new UpstreamDialException(UpstreamDialFailure.Invalid, invalid);
        }

        UpstreamCredential? credential = key.IsTls ? _credentials.For(key.Tls!) : null;
        Stream stream = key.Tunnel is null ? Plain(await ConnectPlainAsync(key, ct)) : Tunnelled(await OpenAsync(key, null, ct));
        return credential is null ? stream : await UpstreamTlsStream.BeginAsync(stream, key, credential, isHttp: true, ct);
    }

    /// <summary>With the TLS that the policy begins, for bytes that are passed on.</summary>
    /// <param name="source">The caller's address.</param>
    /// <exception cref="UpstreamDialException"/>
    internal async ValueTask<MeshConnection> OpenTlsAsync(UpstreamKey key, IPEndPoint? source, CancellationToken ct)
    {
        if (key.Tls?.Invalid is { } invalid)
        {
            throw new UpstreamDialException(UpstreamDialFailure.Invalid, invalid);
        }

        UpstreamCredential credential = _credentials.For(key.Tls!);
        if (key.Tunnel is null)
        {
            MeshConnection plain = await ConnectPlainAsync(key, ct);
            return new BegunTls(await BeginAsync(Plain(plain), key, credential, ct), plain.RemoteEndPoint, plain.Abort);
        }

        HboneStream tunnel = await OpenAsync(key, source, ct);
        return new BegunTls(await BeginAsync(Tunnelled(tunnel), key, credential, ct), key.Address ?? key.Tunnel, () => tunnel.Reset(ErrorCode.ConnectError));
    }

    // Nobody reads the client meanwhile: an endpoint that is silent would keep the connection for ever.
    private async ValueTask<SslStream> BeginAsync(PipeStream stream, UpstreamKey key, UpstreamCredential credential, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(key.Pool.ConnectTimeout, _context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await UpstreamTlsStream.BeginAsync(stream, key, credential, isHttp: false, both.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new UpstreamDialException(UpstreamDialFailure.Timeout, $"TLS to {key.Authority} was not begun within {key.Pool.ConnectTimeout.TotalSeconds} s", e);
        }
    }

    /// <summary>Without TLS: a tunnelled stream, for connections that are passed on as they are.</summary>
    /// <param name="source">The caller's address, since the stream is for one connection of one caller.</param>
    /// <exception cref="UpstreamDialException"/>
    internal async ValueTask<HboneStream> OpenAsync(UpstreamKey key, IPEndPoint? source, CancellationToken ct)
    {
        try
        {
            return await _tunnels.ConnectAsync(
                new PoolKey
                {
                    Source = _context.Identity,
                    Expected = key.Expected,
                    Destination = key.Tunnel!,
                    SourceAddress = _context.Config.BindAddress,
                },
                UpstreamRequest.For(key, source, _context.Mesh.Current.Self is { } self ? Baggage.Of(self) : null),
                ct);
        }
        catch (HboneConnectException e)
        {
            throw new UpstreamDialException(Kind(e), e.Message, e);
        }
    }

    /// <summary>Without tunnel.</summary>
    /// <exception cref="UpstreamDialException"/>
    internal async ValueTask<MeshConnection> ConnectPlainAsync(UpstreamKey key, CancellationToken ct)
    {
        try
        {
            IPEndPoint to = key.Address ?? await ResolveAsync(key.Authority, ct);
            return await _context.Transport.ConnectPlainAsync(NewSocket(to.AddressFamily), to, key.Pool.ConnectTimeout, ct);
        }
        catch (TimeoutException e)
        {
            throw new UpstreamDialException(UpstreamDialFailure.Timeout, e.Message, e);
        }
        catch (SocketException e)
        {
            throw new UpstreamDialException(UpstreamDialFailure.Connect, $"{key.Authority}: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => _tunnels.DisposeAsync();

    private static UpstreamDialFailure Kind(HboneConnectException e) => e.Failure switch
    {
        HboneConnectFailure.Tls => UpstreamDialFailure.Tls,
        HboneConnectFailure.Timeout => UpstreamDialFailure.Timeout,
        HboneConnectFailure.Status when e.Status is 401 or 403 => UpstreamDialFailure.Denied,
        _ => UpstreamDialFailure.Connect,
    };

    private static PipeStream Tunnelled(HboneStream stream) => new(stream, () => StreamEnd.Close(stream));

    private static PipeStream Plain(MeshConnection connection) => new(connection, () => StreamEnd.Close(connection));

    private async ValueTask<MeshConnection> DialTunnelAsync(PoolKey key, CancellationToken ct)
    {
        Svid svid = await _context.Svids.GetAsync(key.Source, ct);
        try
        {
            return await _context.Transport.ConnectTlsAsync(
                NewSocket(key.Destination.AddressFamily), key.Destination, svid, _context.Mesh.Current.Trust, key.Expected, TcpDial.Timeout, ct);
        }
        catch (TimeoutException e) when (e is not HandshakeTimeoutException)
        {
            throw new HboneConnectException(
                HboneConnectFailure.TcpConnect, $"{e.Message}: maybe a NetworkPolicy blocks port {key.Destination.Port}", e);
        }
    }

    private Socket NewSocket(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        socket.Tune();
        if (_context.Config.BindAddress is { } address && address.AddressFamily == family)
        {
            socket.Bind(new IPEndPoint(address, 0));
        }

        return socket;
    }

    private async ValueTask<IPEndPoint> ResolveAsync(string authority, CancellationToken ct)
    {
        int colon = authority.LastIndexOf(':');
        int port = int.Parse(authority.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        return await _names.PickAsync(authority[..colon].Trim('[', ']'), port, null, ct);
    }
}
