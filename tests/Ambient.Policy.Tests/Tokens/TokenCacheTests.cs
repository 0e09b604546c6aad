using Ambient.Policy.Tokens;

namespace Ambient.Policy.Tests.Tokens;

public class TokenCacheTests
{
    private static readonly Issuer Signer = new();

    [Fact]
    public void Cache_OverManyTokens_StaysBoundedAndKeepsWhatIsUsed()
    {
        TokenCache cache = new(100, long.MaxValue);
        TokenCache.Key used = TokenCache.Key.Of("used");
        cache.Add(used, Read(""));
        for (int i = 0; i < 1000; i++)
        {
            cache.Add(TokenCache.Key.Of($"{i}"), Read(""));
            Assert.InRange(cache.Count, 1, 102);
            Assert.NotNull(cache.Find(used));
        }

        Assert.Null(cache.Find(TokenCache.Key.Of("0")));
    }

    [Fact]
    public void Cache_OverLongTokens_StaysBounded()
    {
        TokenCache cache = new(1000, 20_000);
        for (int i = 0; i < 200; i++)
        {
            cache.Add(TokenCache.Key.Of($"{i}"), Read(new string('a', 1000)));
        }

        Assert.InRange(cache.Count, 1, 20);
    }

    private static ReadToken Read(string filling)
    {
        Assert.Equal(TokenProblem.None, TokenReader.Read(Signer.Token("HS256", Issuer.Claims($"\"x\":\"{filling}\"")), out ReadToken? token));
        return token!;
    }
}
