namespace Ambient.Waypoint.Tokens;

/// <summary>Sends the requests for keys. Follows no redirects.</summary>
internal interface IKeyTransport
{
    /// <exception cref="KeyFetchException">The address is not one to ask.</exception>
    /// <exception cref="HttpRequestException"/>
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop);
}
