using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>Bytes that two servers could take for two different requests. None of them may reach an endpoint, or only as the one that was decided about.</summary>
public sealed class SmugglingTests : IAsyncDisposable
{
    private readonly RequestRig _rig = new();
    private TestUpstream _endpoint = null!;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("length and chunked", "POST / HTTP/1.1\nHost: orders.shop\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n")]
    [InlineData("chunked twice", "POST / HTTP/1.1\nHost: orders.shop\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n")]
    [InlineData("chunked and identity", "POST / HTTP/1.1\nHost: orders.shop\nTransfer-Encoding: identity, chunked\n\n0\n\n")]
    [InlineData("obfuscated chunked", "POST / HTTP/1.1\nHost: orders.shop\nTransfer-Encoding: xchunked\n\n0\n\n")]
    [InlineData("chunked with 1.0", "POST / HTTP/1.0\nHost: orders.shop\nTransfer-Encoding: chunked\n\n0\n\n")]
    [InlineData("two lengths", "POST / HTTP/1.1\nHost: orders.shop\nContent-Length: 5\nContent-Length: 6\n\nhelloo")]
    [InlineData("list of lengths", "POST / HTTP/1.1\nHost: orders.shop\nContent-Length: 5, 5\n\nhello")]
    [InlineData("negative length", "POST / HTTP/1.1\nHost: orders.shop\nContent-Length: -1\n\n")]
    [InlineData("space before colon", "POST / HTTP/1.1\nHost: orders.shop\nContent-Length : 5\n\nhello")]
    [InlineData("folded line", "GET / HTTP/1.1\nHost: orders.shop\nx-a: 1\n folded\n\n")]
    [InlineData("two hosts", "GET / HTTP/1.1\nHost: orders.shop\nHost: other\n\n")]
    [InlineData("no host", "GET / HTTP/1.1\n\n")]
    [InlineData("host with path", "GET / HTTP/1.1\nHost: orders.shop/x\n\n")]
    [InlineData("host with user", "GET / HTTP/1.1\nHost: a@orders.shop\n\n")]
    [InlineData("target names another host", "GET http://other/ HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("connection takes the length away", "POST / HTTP/1.1\nHost: orders.shop\nConnection: content-length\nContent-Length: 5\n\nhello")]
    [InlineData("connection takes the host away", "GET / HTTP/1.1\nHost: orders.shop\nConnection: host\n\n")]
    [InlineData("tunnel", "CONNECT orders.shop:80 HTTP/1.1\nHost: orders.shop:80\n\n")]
    [InlineData("asterisk", "OPTIONS * HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("NUL in a value", "GET / HTTP/1.1\nHost: orders.shop\nx-a: a\0b\n\n")]
    [InlineData("escaped slash", "GET /a%2fb HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("escaped backslash", "GET /a%5Cb HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("escaped dots", "GET /a/%2e%2e/b HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("dots with parameters", "GET /a/..;x/b HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("fragment", "GET /a#b HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("escaped NUL", "GET /a%00 HTTP/1.1\nHost: orders.shop\n\n")]
    [InlineData("broken UTF-8", "GET /%ff HTTP/1.1\nHost: orders.shop\n\n")]
    public async Task Request_ThatCanBeReadInTwoWays_IsRefusedAndNeverForwarded(string what, string bytes)
    {
        await StartAsync();

        string answer = await RawHttp1.AskAsync(_rig.Address(), bytes);

        Assert.True(answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Equal(0, _endpoint.Requests);
    }

    [Fact]
    public async Task Chunked_LineEndedByBareLf_NeverMakesTwoRequests()
    {
        await StartAsync();

        string answer = await RawHttp1.AllAsync(
            _rig.Address(), "POST / HTTP/1.1\r\nHost: orders.shop\r\nTransfer-Encoding: chunked\r\n\r\n2;\nxx\r\n4c\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: orders.shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(_rig.Records, r => r.Path == "/admin");
    }

    [Fact]
    public async Task Length_WithASign_GoesOnAsTheNumberThatItIs()
    {
        await StartAsync();

        string answer = await RawHttp1.AskAsync(_rig.Address(), "POST / HTTP/1.1\nHost: orders.shop\nContent-Length: +5\n\nhello");

        Assert.Contains("\ncontent-length: 5\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_NamesHeaders_TheyGoBeforePoliciesAndRoutesLook()
    {
        await StartAsync();

        string answer = await RawHttp1.AskAsync(
            _rig.Address(), "GET / HTTP/1.1\nHost: orders.shop\nConnection: x-mine, te\nX-Mine: 1\nTE: trailers\n\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("x-mine", answer, StringComparison.Ordinal);
        Assert.Null((await _rig.LastAsync()).Reason);
    }

    [Theory]
    [InlineData("transfer-encoding: chunked")]
    [InlineData("keep-alive: 1")]
    [InlineData("proxy-connection: close")]
    [InlineData("upgrade: h2c")]
    public async Task Http2_HeadersOfTheConnection_AreRefused(string header)
    {
        await StartAsync();
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));

        await raw.HeadersAsync(1, end: true, ":method: GET", ":scheme: http", ":path: /", ":authority: orders.shop", header);

        Assert.Contains(await raw.EndOfAsync(1), (string[])["400", "RST_STREAM", "GOAWAY"]);
        Assert.Equal(0, _endpoint.Requests);
    }

    [Theory]
    [InlineData("x-a: b\r\nx-injected: 1")]
    [InlineData("x-a: b\nx-injected: 1")]
    [InlineData("x-a\r\nx-injected: 1")]
    [InlineData("x a: 1")]
    [InlineData("x-a: a\0b")]
    public async Task Http2_LineBreaksAndBadNames_NeverBecomeHeadersOfHttp1(string header)
    {
        await StartAsync();
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));

        await raw.HeadersAsync(1, end: true, ":method: GET", ":scheme: http", ":path: /", ":authority: orders.shop", header);

        Assert.Contains(await raw.EndOfAsync(1), (string[])["400", "RST_STREAM", "GOAWAY"]);
        Assert.Equal(0, _endpoint.Requests);
    }

    [Fact]
    public async Task Http2_BodyLongerThanItsLength_IsNoRequest()
    {
        await StartAsync();
        using RawHttp2 raw = await RawHttp2.ConnectAsync(_rig.Address(http2: true));

        await raw.HeadersAsync(1, end: false, ":method: POST", ":scheme: http", ":path: /", ":authority: orders.shop", "content-length: 3");
        await raw.SendAsync(0x0, 0x1, 1, "GET /admin HTTP/1.1\r\n\r\n"u8.ToArray());

        Assert.NotEqual("200", await raw.EndOfAsync(1));
        Assert.DoesNotContain(_rig.Records, r => r.Path == "/admin" || r.Status == 200);
    }

    private async Task StartAsync()
    {
        _endpoint = await _rig.EndpointAsync("a", ForwardingTests.Echo, HttpProtocols.Http1);
        await _rig.StartAsync();
    }
}
