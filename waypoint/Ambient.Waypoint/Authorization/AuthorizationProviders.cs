using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Routes;
using Ambient.Waypoint.Upstreams;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Authorization;

/// <inheritdoc cref="IAuthorizationProviders"/>
internal sealed class AuthorizationProviders(Func<MeshSnapshot> mesh, OwnCalls calls, Func<UpstreamKey, HttpMessageInvoker> invokers, TimeProvider time, ILogger log)
    : IAuthorizationProviders
{
    public async ValueTask<ProviderAnswer> AskAsync(ImmutableArray<string> providers, ProviderQuestion question, CancellationToken stop)
    {
        ProviderAnswer all = ProviderAnswer.Yes;
        foreach (string name in providers)
        {
            ProviderAnswer answer = mesh().Find<AuthorizationProvider>(name) is { } provider
                ? await AskAsync(provider, question, stop)
                : Refused(name, 403, $"authorization provider {name} is not configured in the Mesh");
            if (!answer.Allowed)
            {
                return answer with { Provider = name };
            }

            all = all with
            {
                RequestHeaders = Both(all.RequestHeaders, answer.RequestHeaders),
                ResponseHeaders = [.. all.ResponseHeaders, .. answer.ResponseHeaders],
            };
        }

        return all;
    }

    private async ValueTask<ProviderAnswer> AskAsync(AuthorizationProvider provider, ProviderQuestion question, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(provider.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (!calls.TryKey(provider.Service, provider.Port, provider.IsGrpc, tls: false, out UpstreamKey? key, out string? problem))
            {
                return Failed(provider, problem);
            }

            ReadOnlyMemory<byte> body = default;
            if (provider.MaxBody > 0 && question.PeekBody is { } peek)
            {
                bool whole;
                try
                {
                    (body, whole) = await peek(provider.MaxBody, both.Token);
                }
                catch (Exception e) when (e is IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
                {
                    // The caller's fault and no failure of the provider: what fails open must not be opened by a body that does not come.
                    return Refused(provider.Name, 408, $"the body that authorization provider {provider.Name} is to see did not come");
                }

                if (!whole && !provider.AllowPartialBody)
                {
                    return Refused(provider.Name, 413, $"the body is longer than the {provider.MaxBody} bytes that authorization provider {provider.Name} may see");
                }
            }

            using HttpRequestMessage? request = provider.IsGrpc ? GrpcQuestion.Of(provider, key, question, body) : HttpQuestion.Of(provider, key, question, body);
            if (request is null)
            {
                return Refused(provider.Name, 403, $"a CONNECT request cannot be shown to authorization provider {provider.Name}");
            }

            using HttpResponseMessage answer = await invokers(key).SendAsync(request, both.Token);
            ProviderAnswer? said = provider.IsGrpc ? await GrpcAnswer.ReadAsync(provider, answer, both.Token) : await HttpAnswer.ReadAsync(provider, answer, both.Token);
            return said ?? Failed(provider, $"it answered {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed(provider, $"no answer within {provider.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed(provider, e.Message);
        }
    }

    private ProviderAnswer Failed(AuthorizationProvider provider, string reason)
    {
        ProviderLog.NoAnswer(log, provider.Name, reason, provider.FailOpen ? "allowed, as failOpen says" : "refused");
        return provider.FailOpen
            ? ProviderAnswer.Yes
            : Refused(provider.Name, provider.StatusOnError, $"authorization provider {provider.Name} gave no answer");
    }

    private static ProviderAnswer Refused(string provider, int status, string reason) =>
        new() { Allowed = false, Provider = provider, Status = status, Reason = reason, Failed = true };

    private static HeaderChange Both(HeaderChange first, HeaderChange second) => first.IsEmpty ? second : second.IsEmpty ? first : new HeaderChange
    {
        Remove = [.. first.Remove, .. second.Remove],
        Set = [.. first.Set.Where(f => second.Set.All(s => s.Name != f.Name)), .. second.Set],
        Add = [.. first.Add, .. second.Add],
    };
}
