using System.Collections.Immutable;
using System.Net;
using System.Text;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Waypoint.Authorization;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Requests.Authorizing;

public sealed class CustomPolicyTests : IAsyncDisposable
{
    private RequestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Custom_ProviderSaysNoOrYes_IsTheAnswerOrChangesTheRequest()
    {
        await _rig.DisposeAsync();
        FakeProviders providers = new();
        _rig = new RequestRig(providers: providers);
        await _rig.EndpointAsync("a", ForwardingTests.Echo);
        _rig.Authorize(Policy("ask", RequestPolicyAction.Custom, new RequestRule()) with { Provider = "opa" });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        providers.Answer = new ProviderAnswer { Allowed = false, Status = 402, Reason = "pay first", Body = "pay"u8.ToArray(), ResponseHeaders = [new HeaderValue("x-why", "1")] };
        using HttpResponseMessage no = await client.PostAsync("/", "body"u8.ToArray());
        Assert.Equal((HttpStatusCode.PaymentRequired, "pay"), (no.StatusCode, await no.Content.ReadAsStringAsync(Stop)));
        Assert.Equal("provider-denied", no.Headers.GetValues("ambient-reason").Single());
        Assert.True(no.Headers.Contains("x-why"));
        Assert.Equal("opa POST / body", providers.Seen);

        providers.Answer = ProviderAnswer.Yes with
        {
            RequestHeaders = new HeaderChange { Set = [new HeaderValue("x-user", "ann")] },
            ResponseHeaders = [new HeaderValue("x-told", "1")],
        };
        using HttpResponseMessage yes = await client.PostAsync("/", "body"u8.ToArray(), "x-user: forged");
        string text = await yes.Content.ReadAsStringAsync(Stop);
        Assert.StartsWith("POST / body\n", text, StringComparison.Ordinal);
        Assert.Contains("\nx-user: ann\n", text, StringComparison.Ordinal);
        Assert.True(yes.Headers.Contains("x-told"));
    }

    [Fact]
    public async Task Custom_NobodyToAsk_IsRefused()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Authorize(Policy("ask", RequestPolicyAction.Custom, new RequestRule()) with { Provider = "opa" });
        await _rig.StartAsync();

        Assert.StartsWith("403 provider-failed", await _rig.Client().AskAsync("/"), StringComparison.Ordinal);
        Assert.Equal(0, endpoint.Requests);
    }

    private static RequestPolicy Policy(string name, RequestPolicyAction action, params RequestRule[] rules) => new()
    {
        Name = new NamespacedName("shop", name),
        Action = action,
        Rules = [.. rules],
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, RequestRig.Key)],
    };

    private sealed class FakeProviders : IAuthorizationProviders
    {
        internal ProviderAnswer Answer { get; set; } = ProviderAnswer.Yes;

        internal string Seen { get; private set; } = "";

        public async ValueTask<ProviderAnswer> AskAsync(ImmutableArray<string> providers, ProviderQuestion question, CancellationToken stop)
        {
            (ReadOnlyMemory<byte> bytes, bool whole) = await question.PeekBody!(100, stop);
            Assert.True(whole);
            Seen = $"{string.Join(',', providers)} {question.Request.Method} {question.Target} {Encoding.UTF8.GetString(bytes.Span)}";
            return Answer;
        }
    }
}
