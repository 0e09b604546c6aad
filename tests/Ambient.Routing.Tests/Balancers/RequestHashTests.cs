using System.Net;
using Ambient.Core.Routes;
using Ambient.Routing.Balancers;

namespace Ambient.Routing.Tests.Balancers;

public class RequestHashTests
{
    [Theory]
    [InlineData(HashKeyKind.Header, "x-user", "alice")]
    [InlineData(HashKeyKind.QueryParameter, "user", "bob")]
    [InlineData(HashKeyKind.Cookie, "session", "s1")]
    [InlineData(HashKeyKind.SourceAddress, "", "10.0.0.1")]
    [InlineData(HashKeyKind.Header, "x-none", null)]
    [InlineData(HashKeyKind.Cookie, "none", null)]
    public void Key_OfARequest_IsTheHashOfItsText(HashKeyKind kind, string name, string? text) =>
        Assert.Equal(
            new RequestHash(text is null ? null : Hashing.Of(text)),
            RequestHash.Of(
                new HashKey(kind, name),
                RequestText.Parse("GET http://h/?user=bob x-user=alice cookie=xsession=no;session=s1"),
                IPAddress.Parse("::ffff:10.0.0.1"),
                new Random(1)));

    [Fact]
    public void Cookie_MissingWithTtl_IsMadeUp()
    {
        HashKey key = new(HashKeyKind.Cookie, "session") { CookieTtl = TimeSpan.FromSeconds(60), CookiePath = "/a" };
        RequestHash made = RequestHash.Of(key, RequestText.Parse("GET http://h/"), IPAddress.Loopback, new Random(1));
        Assert.Matches("^session=\"[0-9a-f]{16}\"; Max-Age=60; Path=/a; HttpOnly$", made.SetCookie);
        Assert.NotNull(made.Hash);
    }
}
