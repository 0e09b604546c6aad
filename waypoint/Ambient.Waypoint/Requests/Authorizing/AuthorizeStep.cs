using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Routes;
using Ambient.Policy.Requests;
using Ambient.Policy.Tokens;
using Ambient.Waypoint.Authorization;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>
/// Tokens, then CUSTOM, DENY and ALLOW policies (the order in which AuthorizationPolicy documents them). Where a route leads from one service to
/// another, both have their say: neither lets in whom the other would not.
/// </summary>
internal sealed class AuthorizeStep(ITokenCheck tokens, IAuthorizationProviders providers, string gatewayNamespace)
{
    private static readonly IPEndPoint s_nowhere = new(IPAddress.Any, 0);

    /// <summary>Null: the request may pass.</summary>
    public ValueTask<OwnReply?> DecideAsync(Exchange x)
    {
        DestinationPolicies addressed = Addressed(x, out DestinationPolicies? further);
        return addressed.IsEmpty && further is null or { IsEmpty: true } ? default : new ValueTask<OwnReply?>(DecideAsync(x, addressed, further));
    }

    private async Task<OwnReply?> DecideAsync(Exchange x, DestinationPolicies addressed, DestinationPolicies? further)
    {
        // Each judges the token as it came, and by its own issuers' keys: neither takes it away from the other, nor vouches for it there.
        TokenResult first = Check(x, addressed.Tokens);
        bool oneSet = further is null || ReferenceEquals(further.Tokens, addressed.Tokens);
        TokenResult second = oneSet ? first : Check(x, further!.Tokens);
        if ((Refused(x, first) ?? Refused(x, second)) is { } refused)
        {
            return refused;
        }

        // Nor are headers that one's claims become read by the other's policies.
        TokenChanges.Apply(x, first);
        x.Authorization = RequestOf(x, first.Token);
        if (await DecideAsync(x, addressed.Requests, x.Authorization) is { } denied)
        {
            return denied;
        }

        if (further is null || (oneSet && ReferenceEquals(further.Requests, addressed.Requests)))
        {
            return null;
        }

        if (!oneSet)
        {
            TokenChanges.Apply(x, second);
            x.Authorization = RequestOf(x, second.Token);
        }

        return await DecideAsync(x, further.Requests, x.Authorization);
    }

    /// <param name="further">Of the backend, when that is not the service that was addressed.</param>
    private DestinationPolicies Addressed(Exchange x, out DestinationPolicies? further)
    {
        further = null;
        string? backend = x.ClusterState?.Service?.Key;
        if (x.IsGateway)
        {
            // Whom the backend lets in is decided there, about the gateway; here it is decided whom the gateway lets in.
            return x.State.Self is { } self ? x.Policies.ForGateway(self) : x.Policies.ForGateway(gatewayNamespace);
        }

        if (x.Connection.Service is not { } addressed)
        {
            return x.Endpoint is { } alone ? alone.PoliciesOf(x.Policies, null) : x.Policies.ForGateway(gatewayNamespace);
        }

        bool same = backend is null || string.Equals(backend, addressed.Key, StringComparison.Ordinal);
        if (same)
        {
            return x.Endpoint is { } own ? own.PoliciesOf(x.Policies, addressed.Key) : x.Policies.For(addressed);
        }

        further = x.Endpoint?.PoliciesOf(x.Policies, backend);
        return x.Policies.For(addressed);
    }

    private TokenResult Check(Exchange x, TokenPolicySet policies) => policies.IsEmpty ? TokenResult.Nothing : tokens.Check(policies, x, x.Target.Query);

    private static OwnReply? Refused(Exchange x, TokenResult result)
    {
        if (result.Refusal is not { } refusal)
        {
            return null;
        }

        x.Record.Policy = refusal.Policy;
        return new OwnReply(401, ReasonCodes.BadToken, refusal.Reason, ResponseFlags.UnauthorizedExternalService)
        {
            Headers = [new HeaderValue("www-authenticate", refusal.WwwAuthenticate)],
        };
    }

    private async ValueTask<OwnReply?> DecideAsync(Exchange x, RequestPolicySet policies, AuthorizationRequest request)
    {
        if (policies.IsEmpty)
        {
            return null;
        }

        PolicyNotes.Add(x.Record, policies.Notes(request));
        if (policies.ProvidersFor(request) is { IsEmpty: false } names && await AskAsync(x, names, request) is { } refused)
        {
            return refused;
        }

        RequestDecision decision = policies.Decide(request);
        if (decision.Origin is not null)
        {
            x.Record.Policy = decision.Origin;
            x.Record.PolicyRule = decision.RuleIndex;
        }

        return decision.Allowed
            ? null
            : new OwnReply(403, ReasonCodes.PolicyDenied, $"RBAC: access denied ({decision.Reason})", ResponseFlags.UnauthorizedExternalService);
    }

    private async ValueTask<OwnReply?> AskAsync(Exchange x, ImmutableArray<string> names, AuthorizationRequest request)
    {
        ProviderQuestion question = new()
        {
            Request = request,
            Target = x.Target.ToString(),
            Scheme = x.Record.Scheme,
            Protocol = x.Http.Request.Protocol,
            Headers = x.Headers,
            PeekBody = x.Body is { } body ? body.PeekAsync : null,
        };
        ProviderAnswer answer = await providers.AskAsync(names, question, x.Http.RequestAborted);
        foreach (HeaderValue header in answer.Allowed ? answer.ResponseHeaders : [])
        {
            x.Answer(header.Name, header.Value);
        }

        HeaderEditor.Apply(answer.RequestHeaders, x.Headers);
        return answer.Allowed
            ? null
            : new OwnReply(
                answer.Status,
                answer.Failed ? ReasonCodes.ProviderFailed : ReasonCodes.ProviderDenied,
                answer.Reason,
                ResponseFlags.UnauthorizedExternalService)
            {
                Headers = answer.ResponseHeaders,
                Body = answer.Body.Length > 0 ? answer.Body : default(ReadOnlyMemory<byte>?),
            };
    }

    internal static AuthorizationRequest RequestOf(Exchange x, RequestToken? token) => new()
    {
        Peer = x.Connection.Caller,
        SourceAddress = x.Connection.Source.Address,
        RemoteAddress = x.RemoteAddress,
        // At a gateway the policies are about the gateway: its own port, not the backend's.
        Destination = x.IsGateway ? new IPEndPoint(x.State.Self?.Addresses is [var own, ..] ? own : IPAddress.Any, x.Connection.Port)
            : x.Endpoint?.Address ?? x.Connection.Destination ?? s_nowhere,
        Method = x.Facts.Method,
        Authority = x.Authority,
        Path = x.Target.Path,
        LenientPath = x.Target.LenientPath,
        Headers = x,
        ServerName = x.Connection.ServerName,
        Token = token,
    };
}
