using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Authentication;

/// <summary>Who is calling (authentication/v1 UserInfo).</summary>
internal sealed record AuthenticatedUser(string Name, string Uid, ImmutableArray<string> Groups, ImmutableArray<KeyValuePair<string, string>> Extra)
{
    public const string AuthenticatedGroup = "system:authenticated";

    public JsonObject ToUserInfo()
    {
        var info = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0)
        {
            info["uid"] = Uid;
        }

        info["groups"] = JsonPaths.ArrayOf(Groups);
        if (!Extra.IsEmpty)
        {
            var extra = new JsonObject();
            foreach ((string key, string value) in Extra)
            {
                extra[key] = JsonPaths.ArrayOf(value);
            }

            info["extra"] = extra;
        }

        return info;
    }
}
