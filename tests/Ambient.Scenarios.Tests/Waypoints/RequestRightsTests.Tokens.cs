using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <content>RequestAuthentication at a waypoint, with policies on principals and claims.</content>
public sealed partial class RequestRightsTests
{
    private const string OnlyAlice = """{ targetRefs: TARGET, action: ALLOW, rules: [{ from: [{ source: { requestPrincipals: ["https://issuer.example/alice"] } }], when: [{ key: "request.auth.claims[groups]", values: [buyers] }] }] }""";

    [Fact]
    public async Task InlineKeys_WithPrincipalsAndClaims_LetExactlyTheRightTokensThrough()
    {
        using TokenMint rsa = TokenMint.Rs256("r"), curve = TokenMint.Es256("e"), forged = TokenMint.Rs256("r");
        Assert.NotNull(orders);
        await ApplyAsync("RequestAuthentication", "users", $"{{ targetRefs: {Waypoint}, jwtRules: [{{ issuer: https://issuer.example, audiences: [orders], jwks: '{TokenMint.KeySet(rsa, curve)}' }}] }}");
        await ApplyAsync("AuthorizationPolicy", "only-alice", OnlyAlice.Replace("TARGET", Waypoint, StringComparison.Ordinal));
        await BecomeAsync(403, null, "tokens are demanded");

        await AnswersAsync(200, rsa.Token("alice"));
        await AnswersAsync(200, curve.Token("alice"));
        await AnswersAsync(403, rsa.Token("bob"));
        await AnswersAsync(403, rsa.Token("alice", group: "guests"));
        await AnswersAsync(401, forged.Token("alice"));
        await AnswersAsync(401, rsa.Token("alice", age: TimeSpan.FromHours(1)));
        await AnswersAsync(401, rsa.Token("alice")[..^12]);
        await AnswersAsync(401, "no.token.atall");
        await AnswersAsync(403, null);
    }

    [Fact]
    public async Task KeysOfAPod_AreFetchedThroughTheMesh_AndMayBeReplacedUnderRequests()
    {
        using TokenMint first = TokenMint.Rs256("one"), second = TokenMint.Es256("two");
        string ns = await NamespaceAsync("keys");
        MeshPod pod = (await StartAsync(new PodPlan(ns, "keys") { HasService = true }))[0];
        await PeerAuthenticationAsync(ns, "STRICT");
        string keys = TokenMint.KeySet(first);
        await using PodHttpServer server = await PodHttpServer.StartAsync(pod, 8080, r => r.Target == "/keys" ? new ServerAnswer(200, Volatile.Read(ref keys), "content-type: application/json") : new ServerAnswer(404));
        await ApplyAsync("RequestAuthentication", "users", $"{{ targetRefs: {Service}, jwtRules: [{{ issuer: https://issuer.example, jwksUri: 'http://keys.{ns}.svc.cluster.local/keys' }}] }}");
        await ApplyAsync("AuthorizationPolicy", "only-alice", OnlyAlice.Replace("TARGET", Service, StringComparison.Ordinal));
        await BecomeAsync(200, first.Token("alice"), "the pod's keys are known");
        await AnswersAsync(401, second.Token("alice"));
        await AnswersAsync(403, null);

        Volatile.Write(ref keys, TokenMint.KeySet(second, first));
        await BecomeAsync(200, second.Token("alice"), "the new key is known");
        await AnswersAsync(200, first.Token("alice"));

        Volatile.Write(ref keys, TokenMint.KeySet(second));
        using TokenMint unknown = TokenMint.Rs256("three");
        await Until.Async(
            async () =>
            {
                await CountAsync(unknown.Token("alice")); // makes the waypoint ask again
                return await CountAsync(first.Token("alice"));
            },
            l => l.Status(401) == 50, "the old key counts no longer");
        await AnswersAsync(200, second.Token("alice"));

        // Hundreds of requests with unknown keys, and few questions: never one a request.
        Assert.InRange(server.Heard, 3, 40);
        await server.DisposeAsync();
        await AnswersAsync(401, unknown.Token("alice"));
        await AnswersAsync(200, second.Token("alice"));
    }
}
