using System.Net;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Requests;
using Ambient.Policy.Tokens;
using Ambient.Testing;
using Ambient.Waypoint.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Waypoint.Tests.Tokens;

public sealed class RemoteKeysTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private KeyServer _server = null!;
    private RemoteKeys _keys = null!;
    private TokenCheck _check = null!;
    private TokenPolicySet _policies = TokenPolicySet.Empty;
    private MeshSnapshot _mesh = MeshSnapshot.Empty;

    private TokenRule ByUri => new() { Issuer = _server.Uri, KeysUri = _server.Uri + "/keys" };

    public async ValueTask InitializeAsync()
    {
        _server = await KeyServer.StartAsync();
        _keys = new RemoteKeys(new NamespacedName("shop", "waypoint"), _server, new KeyTimes(), _time, NullLogger.Instance);
        _check = new TokenCheck(_keys, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Keys_OfAnIssuer_AreFetchedInTheBackgroundAndThenVerify()
    {
        var gate = new TaskCompletionSource();
        _server.Answer = async http =>
        {
            await gate.Task;
            await _server.KeysAsync(http);
        };
        Follow(ByUri);
        string token = _server.Token();

        Assert.Equal(TokenProblem.KeysMissing, Check(token));
        gate.SetResult();
        await FetchedAsync(1);

        Assert.Equal(TokenProblem.None, Check(token));
        Assert.Equal(["/keys"], _server.Asked);
    }

    [Fact]
    public async Task Keys_Rotated_AreFetchedWhenATokenNamesThem_AndNotOftener()
    {
        Follow(ByUri);
        await FetchedAsync(1);
        string old = _server.Token();
        Assert.Equal(TokenProblem.None, Check(old));

        _server.Rotate();
        string fresh = _server.Token();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(TokenProblem.KeyUnknown, Check(fresh));
        }

        Assert.Single(_server.Asked);
        await PassAsync(TimeSpan.FromSeconds(10));
        await FetchedAsync(2);

        Assert.Equal(TokenProblem.None, Check(fresh));
        Assert.Equal(TokenProblem.KeyUnknown, Check(old));
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task Keys_AreFetchedAgainAfterAWhile()
    {
        Follow(ByUri);
        await FetchedAsync(1);
        _server.Rotate();

        await PassAsync(TimeSpan.FromSeconds(10));
        await PassAsync(TimeSpan.FromMinutes(11));
        await FetchedAsync(2);

        Assert.Equal(TokenProblem.None, Check(_server.Token()));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, """{"keys":[]}""")]
    [InlineData(200, """{"keys":[{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}""")]
    public async Task Keys_ThatCannotBeFetched_LeaveTheOldOnesInUse(int status, string body)
    {
        Follow(ByUri);
        await FetchedAsync(1);
        _server.Answer = http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body);
        };

        await PassAsync(TimeSpan.FromSeconds(10));
        await PassAsync(TimeSpan.FromMinutes(11));
        await FetchedAsync(2);

        Assert.NotEmpty(Assert.Single(_keys.Status).Problem);
        Assert.Equal(TokenProblem.None, Check(_server.Token()));
    }

    [Fact]
    public async Task Keys_OfAnIssuerThatIsAway_AreTriedAgain()
    {
        RequestDelegate good = _server.Answer;
        _server.Answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        Follow(ByUri);
        await FetchedAsync(1);
        Assert.Equal(TokenProblem.KeysMissing, Check(_server.Token()));

        _server.Answer = good;
        await PassAsync(TimeSpan.FromSeconds(2));
        await FetchedAsync(2);

        Assert.Equal(TokenProblem.None, Check(_server.Token()));
    }

    [Fact]
    public async Task Keys_ByDiscovery_AreFoundWhereTheIssuerSays()
    {
        Follow(new TokenRule { Issuer = _server.Uri });
        await FetchedAsync(1);

        Assert.Equal(TokenProblem.None, Check(_server.Token()));
        Assert.Equal(["/.well-known/openid-configuration", "/keys"], _server.Asked);
    }

    [Theory]
    [InlineData("""{"issuer":"https://other.example","jwks_uri":"$/keys"}""", "is of another issuer")]
    [InlineData("""{"issuer":"$"}""", "has no jwks_uri")]
    [InlineData("""{"issuer":"$","jwks_uri":"file:///etc/passwd"}""", "has no jwks_uri")]
    [InlineData("[]", "is no JSON object")]
    public async Task Discovery_Bad_GivesNoKeys(string document, string problem)
    {
        _server.Answer = http => http.Response.WriteAsync(document.Replace("$", _server.Uri, StringComparison.Ordinal));
        Follow(new TokenRule { Issuer = _server.Uri });
        await FetchedAsync(1);

        Assert.Contains(problem, Assert.Single(_keys.Status).Problem, StringComparison.Ordinal);
        Assert.Equal(TokenProblem.KeysMissing, Check(_server.Token()));
    }

    [Fact]
    public async Task Redirects_AreFollowedThreeTimes()
    {
        _server.Answer = http => Hop(http, 3);
        Follow(ByUri);
        await FetchedAsync(1);
        Assert.Equal(TokenProblem.None, Check(_server.Token()));

        _server.Answer = http => Hop(http, 4);
        await PassAsync(TimeSpan.FromSeconds(10));
        await PassAsync(TimeSpan.FromMinutes(11));
        await FetchedAsync(2);
        Assert.Contains("more than 3 times", Assert.Single(_keys.Status).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@127.0.0.1/")]
    public async Task Redirect_ToElsewhere_IsNotFollowed(string location)
    {
        _server.Answer = http =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = location;
            return Task.CompletedTask;
        };
        Follow(ByUri);
        await FetchedAsync(1);

        Assert.Contains("which is not followed", Assert.Single(_keys.Status).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsCut()
    {
        _server.Answer = async http =>
        {
            byte[] block = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
        };
        Follow(ByUri);
        await FetchedAsync(1);

        Assert.Contains("is longer than", Assert.Single(_keys.Status).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatNeverComes_IsGivenUp()
    {
        _server.Answer = http => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        Follow(ByUri with { FetchTimeout = TimeSpan.FromSeconds(2) });
        await Until(() => _server.Asked.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(2));

        await Until(() => Assert.Single(_keys.Status).Problem.Length > 0);
        Assert.EndsWith("did not answer within 2 s", Assert.Single(_keys.Status).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_OfPoliciesOfOthers_AreFetchedWhenFirstAskedFor_AndLetGoWithTheirPolicy()
    {
        TokenPolicy policy = new()
        {
            Name = new NamespacedName("other", "tokens"),
            Rules = [ByUri],
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "other")],
        };
        Apply(new MeshUpdate { Resources = [policy] });
        Assert.Empty(_keys.Status);

        _policies = TokenPolicySet.Of([policy]);
        Assert.Equal(TokenProblem.KeysMissing, Check(_server.Token()));
        await FetchedAsync(1);
        Assert.Equal(TokenProblem.None, Check(_server.Token()));

        Apply(new MeshUpdate { RemovedResources = [policy.ResourceName] });
        Assert.Empty(_keys.Status);
        Assert.Equal(TokenProblem.KeysMissing, Check(_server.Token()));
        Assert.Empty(_keys.Status);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("ff02::1", false)]
    [InlineData("10.0.0.1", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::1", true)]
    public void Address_OfThisMachineOrItsLink_IsNotAsked(string address, bool allowed) =>
        Assert.Equal(allowed, KeyTransport.IsAllowed(IPAddress.Parse(address)));

    private Task Hop(HttpContext http, int hops)
    {
        int at = http.Request.Path.Value is ['/', 'h', var digit] ? digit - '0' : 0;
        if (at == hops)
        {
            return http.Response.WriteAsync(_server.Keys);
        }

        http.Response.StatusCode = 307;
        http.Response.Headers.Location = $"/h{at + 1}";
        return Task.CompletedTask;
    }

    private void Follow(TokenRule rule)
    {
        TokenPolicy policy = new()
        {
            Name = new NamespacedName("shop", "tokens"),
            Rules = [rule],
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop")],
        };
        _policies = TokenPolicySet.Of([policy]);
        Apply(new MeshUpdate { Resources = [policy] });
    }

    private void Apply(MeshUpdate update)
    {
        _mesh = _mesh.With(update);
        _keys.Follow(_mesh);
    }

    private TokenProblem Check(string token) => _check.Check(_policies, NoHeaders.Instance, "access_token=" + token).Refusal?.Problem ?? TokenProblem.None;

    /// <summary>The fetch of that number has ended, one way or the other, and the next one is waited for.</summary>
    private Task FetchedAsync(int number) => Until(() => _keys.Status.SingleOrDefault() is var s && s.Fetches == number && (s.Keys > 0 || s.Problem.Length > 0) && _time.ActiveTimers == 1);

    private async Task PassAsync(TimeSpan time)
    {
        await Until(() => _time.ActiveTimers > 0);
        _time.Advance(time);
        await Until(() => _time.ActiveTimers > 0);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "waited in vain");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
