using Ambient.Kube.Emulator.Authentication;
using Ambient.Kube.Emulator.Discovery;
using Ambient.Kube.Emulator.Types;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>The way of a request: health, who is calling, discovery, then the resource's own endpoint.</summary>
internal sealed partial class ApiPipeline(Authenticator authenticator, DiscoveryEndpoints discovery, ResourceEndpoints resources, ResourceCatalog catalog, ILogger logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await DispatchAsync(http);
        }
        catch (ApiException e)
        {
            await ErrorAsync(http, e);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The caller has gone.
        }
        catch (BadHttpRequestException e)
        {
            await ErrorAsync(http, e.StatusCode == 413 ? ApiErrors.TooLarge() : ApiErrors.BadRequest(e.Message));
        }
        catch (Exception e)
        {
            RequestFailed(logger, e, http.Request.Method, http.Request.Path);
            await ErrorAsync(http, new ApiException(500, "InternalError", $"Internal error occurred: {e.Message}"));
        }
    }

    private static async Task ErrorAsync(HttpContext http, ApiException e)
    {
        try
        {
            await ApiResponse.ErrorAsync(http, e);
        }
        catch (Exception lost) when (lost is OperationCanceledException or IOException)
        {
            // Nobody is left to tell.
        }
    }

    private Task DispatchAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "/";
        if (path is "/healthz" or "/livez" or "/readyz" || path.StartsWith("/readyz/", StringComparison.Ordinal) || path.StartsWith("/livez/", StringComparison.Ordinal))
        {
            return ApiResponse.WriteAsync(http, 200, "ok"u8.ToArray(), "text/plain; charset=utf-8");
        }

        AuthenticatedUser user = authenticator.Authenticate(http) ?? throw ApiErrors.Unauthorized();
        if (HttpMethods.IsGet(http.Request.Method) && discovery.Find(http, path) is { } answer)
        {
            return answer;
        }

        RequestPath parsed = RequestPath.Parse(path) ?? throw ApiErrors.PageNotFound();
        ResourceType type = catalog.Current.Find(parsed.Group, parsed.Version, parsed.Plural) ?? throw ApiErrors.PageNotFound();
        if (!type.Namespaced && parsed.Namespace.Length > 0)
        {
            throw ApiErrors.PageNotFound();
        }

        var request = new ApiRequest { Http = http, User = user, Type = type, Path = parsed, Catalog = catalog };
        if (type.Custom?.Deprecation is { } deprecated)
        {
            request.Warn(deprecated);
        }

        return resources.HandleAsync(request);
    }

    [LoggerMessage(EventId = 1, EventName = "RequestFailed", Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void RequestFailed(ILogger logger, Exception error, string method, string path);
}
