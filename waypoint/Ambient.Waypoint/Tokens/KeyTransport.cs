using System.Net;
using System.Net.Sockets;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Tokens;

/// <summary>
/// To services of the mesh through the mesh; to anything else by DNS, but never to this machine or its neighbours on the link: whoever writes a
/// RequestAuthentication must not make the waypoint ask what only the waypoint can reach.
/// </summary>
internal sealed class KeyTransport : IKeyTransport, IDisposable
{
    private readonly OwnCalls _calls;
    private readonly UpstreamPools _pools;
    private readonly HttpMessageInvoker _outside;

    internal KeyTransport(OwnCalls calls, UpstreamPools pools)
    {
        _calls = calls;
        _pools = pools;
        _outside = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxResponseHeadersLength = 32,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectCallback = static (context, stop) => ConnectAsync(context.DnsEndPoint, stop),
        });
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        Uri to = request.RequestUri!;
        if (_calls.ServiceOf(to.IdnHost) is null)
        {
            return _outside.SendAsync(request, stop);
        }

        if (!_calls.TryKey(to.IdnHost, to.Port, http2: false, tls: to.Scheme == "https", out UpstreamKey? key, out string? problem))
        {
            throw new KeyFetchException($"{to}: {problem}");
        }

        request.Headers.Host = to.Authority;
        request.RequestUri = new Uri(key.Prefix + to.PathAndQuery.TrimStart('/'));
        return _pools.For(key).SendAsync(request, stop);
    }

    public void Dispose() => _outside.Dispose();

    /// <summary>False for addresses that mean something only here: loopback, link-local (cloud metadata), multicast, none.</summary>
    internal static bool IsAllowed(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !IPAddress.IsLoopback(plain) && !plain.Equals(IPAddress.Any) && !plain.Equals(IPAddress.IPv6Any) && !plain.IsIPv6LinkLocal && !plain.IsIPv6Multicast
            && !(plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [0 or 127 or >= 224, ..] or [169, 254, ..]);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken stop)
    {
        IPAddress[] all = await Dns.GetHostAddressesAsync(to.Host, stop);
        IPAddress[] allowed = [.. all.Where(IsAllowed)];
        if (allowed.Length == 0)
        {
            throw new KeyFetchException(all.Length == 0 ? $"{to.Host} has no address" : $"{to.Host} is {all[0]}, which is not asked for keys");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
