using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Everything that makes the server refuse an object with 422.</summary>
internal static class ObjectValidation
{
    public static List<FieldError> New(ResourceType type, JsonObject value)
    {
        var errors = new List<FieldError>();
        MetadataValidation.Check(type, value, errors);
        if (type.Custom is not null)
        {
            CustomValidation.Check(value, type.Schema, "", errors);
        }
        else
        {
            RequiredFields.Check(value, type.Schema, "", errors);
            KindValidation.Check(type, value, errors);
        }

        return errors;
    }

    public static List<FieldError> Changed(ResourceType type, JsonObject before, JsonObject value)
    {
        List<FieldError> errors = New(type, value);
        ImmutableFields.Check(type, before, value, errors);
        return errors;
    }

    public static void Throw(ResourceType type, string name, List<FieldError> errors)
    {
        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(type, name, errors);
        }
    }
}
