using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;
using Ambient.Policy.Tokens;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// What tokens and policies say where requests are looked into. Policies can mean single endpoints, so each endpoint that may be chosen is asked about;
/// where a route leads from one service to another, both have their say, as proxies have it.
/// </summary>
internal sealed class RequestJudge(ExplainedMesh mesh, RequestProxy proxy)
{
    /// <summary>Where a request may end.</summary>
    /// <param name="Service">Null: the workload itself, or the gateway.</param>
    internal sealed record Place(MeshService? Service, Workload? Endpoint, IPEndPoint? Address);

    /// <param name="Status">Set when every place denies it.</param>
    /// <param name="Reason">Of the denial; or, when only some places deny it, words to add.</param>
    /// <param name="Tokens">What tokens change of a request that is let through, in order.</param>
    internal sealed record Verdict(int? Status, string Reason, JsonArray Policies, ImmutableArray<TokenResult> Tokens);

    /// <summary>Without keys that would have to be fetched: a token that needs one cannot be verified here.</summary>
    private static readonly TokenCheck Tokens = new(NoTokenKeys.Instance, TimeProvider.System);

    /// <param name="addressed">The service that was asked for; null where there is none.</param>
    /// <param name="places">None: only what means the service counts.</param>
    public Verdict Decide(MeshService? addressed, IReadOnlyCollection<Place> places, AuthorizationRequest request, string query)
    {
        List<Verdict> said = [];
        foreach (Place place in places.Count > 0 ? places : [new Place(addressed, null, null)])
        {
            bool same = addressed is null || place.Service?.Key == addressed.Key;
            said.Add(Decide(same ? [place] : [new Place(addressed, null, null), place], request with { Destination = place.Address ?? request.Destination }, query));
        }

        Verdict[] denied = [.. said.Where(s => s.Status is not null)];
        return denied.Length == said.Count ? denied[0]
            : denied.Length == 0 ? said[0]
            : said.First(s => s.Status is null) with { Reason = $"; at {denied.Length} of {said.Count} endpoints it is denied: {denied[0].Reason}" };
    }

    private Verdict Decide(IEnumerable<Place> places, AuthorizationRequest request, string query)
    {
        JsonArray policies = [];
        List<string> providers = [];
        ImmutableArray<TokenResult>.Builder tokens = ImmutableArray.CreateBuilder<TokenResult>();
        RequestToken? first = null;
        foreach (Place place in places)
        {
            TokenResult token = Tokens.Check(
                request.IsStream ? TokenPolicySet.Empty : TokenPolicySet.Of(mesh.TokenPolicies.Where(p => Applies(p.Targets, p.Selector, place))), request.Headers, query);
            if (token.Refusal is { } refusal)
            {
                return Denied(401, $"{refusal.Policy?.ToString() ?? "a RequestAuthentication"} refuses the token: {refusal.Reason}", policies);
            }

            tokens.Add(token);
            first ??= token.Token;
            AuthorizationRequest seen = request with { Token = first };
            RequestPolicySet set = RequestPolicySet.Of(mesh.RequestPolicies.Where(p => Applies(p.Targets, p.Selector, place)));
            foreach (RequestVerdict verdict in set.Explain(seen))
            {
                policies.Add(Json(verdict));
            }

            ImmutableArray<string> asked = set.ProvidersFor(seen);
            if (request.IsStream && asked is [var provider, ..])
            {
                return Denied(403, $"authorization provider {provider} cannot be asked about a connection that carries no HTTP", policies);
            }

            if (asked.FirstOrDefault(name => mesh.Mesh.Find<AuthorizationProvider>(name) is null) is { } unknown)
            {
                return Denied(403, $"authorization provider {unknown} is not configured in the Mesh", policies);
            }

            if (set.Decide(seen) is { Allowed: false } decision)
            {
                return Denied(403, decision.Reason, policies);
            }

            providers.AddRange(asked.Except(providers));
        }

        return new Verdict(null, providers.Count == 0 ? "" : $"; authorization provider {string.Join(" and ", providers)} is asked and may refuse it", policies, tokens.ToImmutable());
    }

    private static Verdict Denied(int status, string reason, JsonArray policies) => new(status, reason, policies, []);

    private bool Applies(ImmutableArray<RequestPolicyTarget> targets, ImmutableSortedDictionary<string, string> selector, Place place) => targets.Any(target => target.Kind switch
    {
        RequestPolicyTargetKind.Mesh => true,
        RequestPolicyTargetKind.Namespace => target.Key == (place.Endpoint?.Namespace ?? place.Service?.Namespace ?? proxy.Namespace),
        RequestPolicyTargetKind.Gateway => target.Key == proxy.Gateway.ToString(),
        RequestPolicyTargetKind.Service => target.Key == place.Service?.Key,
        _ => place.Endpoint is { } endpoint
            && (target.Key.Length == 0 || target.Key == endpoint.Namespace)
            && selector.All(l => endpoint.Labels.TryGetValue(l.Key, out string? value) && value == l.Value),
    });

    private static JsonObject Json(RequestVerdict v) => new JsonObject
    {
        ["kind"] = v.Origin.Kind,
        ["namespace"] = v.Origin.Namespace,
        ["name"] = v.Origin.Name,
        ["rule"] = v.RuleIndex < 0 ? null : v.RuleIndex,
        ["action"] = v.Action.ToString().ToUpperInvariant(),
        ["matched"] = v.Matched,
        ["reason"] = v.Reason,
        ["decided"] = v.Decided,
        ["dryRun"] = v.DryRun,
    };
}
