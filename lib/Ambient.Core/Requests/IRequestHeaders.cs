namespace Ambient.Core.Requests;

/// <summary>The headers of one request.</summary>
public interface IRequestHeaders
{
    /// <summary>Null when the request has none of this name; several lines are one value, joined by <c>,</c>.</summary>
    /// <param name="name">Lower-case; never a pseudo-header.</param>
    string? ValueOf(string name);
}
