using System.Text.Json.Nodes;

namespace Ambient.Kube.Http;

/// <summary>meta/v1 DeleteOptions.</summary>
public sealed record DeleteOptions
{
    /// <summary>Background, Foreground or Orphan; null takes the kind's default.</summary>
    public string? PropagationPolicy { get; init; }

    public int? GracePeriodSeconds { get; init; }

    /// <summary>Refuse unless the object still has this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Refuse unless the object still has this version.</summary>
    public string? ResourceVersion { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (PropagationPolicy is not null)
        {
            json["propagationPolicy"] = PropagationPolicy;
        }

        if (GracePeriodSeconds is { } seconds)
        {
            json["gracePeriodSeconds"] = seconds;
        }

        if (Uid is not null || ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (Uid is not null)
            {
                preconditions["uid"] = Uid;
            }

            if (ResourceVersion is not null)
            {
                preconditions["resourceVersion"] = ResourceVersion;
            }

            json["preconditions"] = preconditions;
        }

        return json;
    }
}
