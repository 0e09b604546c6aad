using System.Text.Json.Nodes;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Tests.BadInput;

/// <summary>Bad RequestAuthentications, RateLimitPolicies, BackendPolicies and authorization providers: refused with the field's path, never a crash.</summary>
public sealed class OwnAndTokenPoliciesTests
{
    // Kind, spec, field that is named.
    [Theory]
    [InlineData("RequestAuthentication", "{ jwtRules: [{}] }", "spec.jwtRules[0].issuer")]
    [InlineData("RequestAuthentication", "{ jwtRules: {} }", "spec.jwtRules")]
    [InlineData("RequestAuthentication", "{ jwtRules: [7] }", "spec.jwtRules[0]")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 7 }] }", "spec.jwtRules[0].issuer")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: a, jwks: nonsense }] }", "spec.jwtRules[0].jwks")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', jwksUri: 'http://user:secret@a' }] }", "spec.jwtRules[0].jwksUri")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', audiences: [''] }] }", "spec.jwtRules[0].audiences[0]")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', fromHeaders: [{ prefix: x }] }] }", "spec.jwtRules[0].fromHeaders[0].name")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', fromHeaders: [{ name: ':path' }] }] }", "spec.jwtRules[0].fromHeaders[0].name")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', outputPayloadToHeader: transfer-encoding }] }", "spec.jwtRules[0].outputPayloadToHeader")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', outputClaimToHeaders: [{ header: ambient-caller, claim: a }] }] }", "spec.jwtRules[0].outputClaimToHeaders[0].header")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', timeout: never }] }", "spec.jwtRules[0].timeout")]
    [InlineData("RequestAuthentication", "{ jwtRules: [{ issuer: 'https://a', timeout: 2h }] }", "spec.jwtRules[0].timeout")]
    [InlineData("RequestAuthentication", "{ selector: { matchLabels: { 'a*': b } } }", "spec.selector.matchLabels.a*")]
    [InlineData("RequestAuthentication", "{ selector: {}, targetRefs: [{ kind: Service, name: a }] }", "spec.selector")]
    [InlineData("RequestAuthentication", "{ targetRefs: [{ kind: Pod, name: a }] }", "spec.targetRefs[0].kind")]
    [InlineData("RequestAuthentication", "{ targetRefs: [{ kind: Service, name: a, namespace: other }] }", "spec.targetRefs[0].namespace")]
    [InlineData("RateLimitPolicy", "{}", "spec.targetRefs")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [] , limits: [{ requests: 1, interval: 1s }] }", "spec.targetRefs")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }] }", "spec.limits")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ interval: 1s }] }", "spec.limits[0].requests")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: -1, interval: 1s }] }", "spec.limits[0].requests")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 0s }] }", "spec.limits[0].interval")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 48h }] }", "spec.limits[0].interval")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: soon }] }", "spec.limits[0].interval")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, by: MOON }] }", "spec.limits[0].by")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, by: HEADER }] }", "spec.limits[0].header")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, by: CALLER, header: x }] }", "spec.limits[0].header")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, header: 'a b' }] }", "spec.limits[0].header")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, matches: [{ path: { type: RegularExpression, value: '(' } }] }] }", "spec.limits[0].matches[0].path.value")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, matches: [7] }] }", "spec.limits[0].matches[0]")]
    [InlineData("BackendPolicy", "{}", "spec.targetRefs")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: a }] }", "spec.targetRefs[0].kind")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ kind: Service, name: a }], scope: GLOBAL, limits: [{ requests: 1, interval: 1s }] }", "spec.scope")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], panicThreshold: 101 }", "spec.panicThreshold")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], balancer: BEST }", "spec.balancer")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], healthCheck: { path: healthz } }", "spec.healthCheck.path")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], healthCheck: { interval: 1ms } }", "spec.healthCheck.interval")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], healthCheck: { interval: 1s, timeout: 2s } }", "spec.healthCheck.timeout")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], healthCheck: { unhealthyThreshold: 0 } }", "spec.healthCheck.unhealthyThreshold")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ kind: Service, name: a }], healthChecks: {} }", "spec.healthChecks")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a }] }", "spec.authorizationProviders[0]")]
    [InlineData("Mesh", "{ authorizationProviders: [{ envoyExtAuthzGrpc: { service: a, port: 1 } }] }", "spec.authorizationProviders[0].name")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzGrpc: { service: 'a b', port: 1 } }] }", "spec.authorizationProviders[0].envoyExtAuthzGrpc.service")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzGrpc: { service: a, port: 0 } }] }", "spec.authorizationProviders[0].envoyExtAuthzGrpc.port")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzHttp: { service: a, port: 1, statusOnError: '200' } }] }", "spec.authorizationProviders[0].envoyExtAuthzHttp.statusOnError")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzHttp: { service: a, port: 1, pathPrefix: 'x?' } }] }", "spec.authorizationProviders[0].envoyExtAuthzHttp.pathPrefix")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzHttp: { service: a, port: 1, headersToUpstreamOnAllow: ['a b'] } }] }", "spec.authorizationProviders[0].envoyExtAuthzHttp.headersToUpstreamOnAllow[0]")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzHttp: { service: a, port: 1, timeout: -1s } }] }", "spec.authorizationProviders[0].envoyExtAuthzHttp.timeout")]
    public void Resource_Bad_IsRefusedWithItsField(string kind, string spec, string field)
    {
        CompileResult result = Mesh.Compile(Manifest(kind, spec));

        StatusReport status = Assert.Single(result.Status);
        Condition accepted = status.Conditions[0];
        Assert.Equal(("Accepted", "False"), (accepted.Type, accepted.Status));
        Assert.Contains(field, accepted.Message, StringComparison.Ordinal);
        Assert.Contains(result.Findings, f => f.Field == field && f.Level == FindingLevel.Error);
        Assert.Equal(kind == "RequestAuthentication", result.TokenPolicies is [{ Refused.Length: > 0 }]);
    }

    /// <summary>Values of every type in every place of a good resource.</summary>
    [Theory]
    [InlineData("RequestAuthentication", "{ selector: { matchLabels: { a: b } }, jwtRules: [{ issuer: 'https://a', audiences: [b], jwksUri: 'https://a', fromHeaders: [{ name: x, prefix: y }], fromParams: [p], fromCookies: [c], outputPayloadToHeader: h, outputClaimToHeaders: [{ header: i, claim: j }], forwardOriginalToken: true, timeout: 5s, spaceDelimitedClaims: [k] }] }")]
    [InlineData("RateLimitPolicy", "{ targetRefs: [{ group: '', kind: Service, name: a }], limits: [{ requests: 1, interval: 1s, burst: 2, by: HEADER, header: x, matches: [{ path: { type: Exact, value: /a }, method: GET, headers: [{ name: a, value: b }] }] }] }")]
    [InlineData("BackendPolicy", "{ targetRefs: [{ group: '', kind: Service, name: a }], healthCheck: { path: /a, interval: 5s, timeout: 1s, healthyThreshold: 1, unhealthyThreshold: 2 }, panicThreshold: 50, balancer: MAGLEV }")]
    [InlineData("Mesh", "{ authorizationProviders: [{ name: a, envoyExtAuthzHttp: { service: a, port: 1, timeout: 1s, failOpen: true, statusOnError: '403', pathPrefix: /a, includeRequestHeadersInCheck: [a], includeAdditionalHeadersInCheck: { a: b }, includeRequestBodyInCheck: { maxRequestBytes: 1 }, headersToUpstreamOnAllow: [a] } }] }")]
    public void Resource_WithAnyValueAnywhere_NeverCrashes(string kind, string spec)
    {
        JsonNode?[] odd =
        [
            null, JsonValue.Create(-1), JsonValue.Create(1e300), JsonValue.Create(true), JsonValue.Create(""), JsonValue.Create(new string('*', 5000)), JsonValue.Create("\u0000\ud7ff"),
            new JsonArray(), new JsonArray(null, null), new JsonObject(), new JsonObject { ["*"] = new JsonArray(1) },
        ];
        JsonObject good = Mesh.Objects(Manifest(kind, spec)).Single();
        int places = Places(good["spec"]!).Count();
        for (int place = 0; place < places; place++)
        {
            foreach (JsonNode? value in odd)
            {
                var bad = (JsonObject)good.DeepClone();
                Replace(Places(bad["spec"]!).ElementAt(place), value?.DeepClone());

                CompileResult result = MeshCompiler.Compile(CompileInput.Of([bad]));

                Assert.All(result.Findings.Where(f => f.Level == FindingLevel.Error && f.Code is FindingCodes.InvalidField or FindingCodes.UnknownField), f => Assert.StartsWith("spec", f.Field, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Limits_ByTheThousand_AreRefusedShortly()
    {
        string limits = string.Join(", ", Enumerable.Repeat("{ requests: 1, interval: 1s }", 5000));

        CompileResult result = Mesh.Compile(Manifest("RateLimitPolicy", $"{{ targetRefs: [{{ kind: Service, name: a }}], limits: [{limits}] }}"));

        Assert.Contains("has 5000 items", Assert.Single(result.Status).Conditions[0].Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(JsonNode Owner, object Key)> Places(JsonNode node) => node switch
    {
        JsonObject o => o.ToList().SelectMany(p => (p.Value is null ? [] : Places(p.Value)).Prepend((o, p.Key))),
        JsonArray a => a.ToList().SelectMany((item, i) => (item is null ? [] : Places(item)).Prepend((a, i))),
        _ => [],
    };

    private static void Replace((JsonNode Owner, object Key) place, JsonNode? value)
    {
        if (place.Key is string name)
        {
            place.Owner[name] = value;
        }
        else
        {
            place.Owner[(int)place.Key] = value;
        }
    }

    private static string Manifest(string kind, string spec) => $$"""
        apiVersion: {{(kind == "RequestAuthentication" ? "security.istio.io/v1" : "ambient.dev/v1alpha1")}}
        kind: {{kind}}
        metadata: { name: a{{(kind == "Mesh" ? "" : ", namespace: shop")}} }
        spec: {{spec}}
        """;
}
